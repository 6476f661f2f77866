"""What the offline demo says: a tour for the first question of a chat, then answers to what was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence

LABEL = "offline demo: nothing leaves this computer"

TOUR = f"""\
## Welcome to Sirocco

This is the **{LABEL}**. The text is written by Sirocco itself, not by a model, and comes through \
the same path as a real answer, so what you see here is what you will get.

### What an answer can hold

- *emphasis*, **strong words** and `inline code`
- lists, and lists inside lists
  1. numbered
  2. as deep as needed
- [links](https://commonmark.org/help/), which open in your browser and only when you click them

| Key | What it does |
|:----|:-------------|
| Enter | sends your message |
| Shift+Enter | starts a new line |
| Ctrl+N | starts a new chat |
| Ctrl+/ | lists every shortcut |

Code comes with its language and a *Copy* button:

```python
from collections import Counter

def most_common_words(text: str, count: int = 3) -> list[str]:
    words = (word.strip(".,;:!?").lower() for word in text.split())
    return [word for word, _ in Counter(words).most_common(count)]
```

```javascript
const response = await fetch("/weather?city=Marseille");
const {{ wind, degrees }} = await response.json();
console.log(`${{wind}} at ${{degrees}} °C`);
```

> The sirocco is a warm wind that starts over the desert, crosses the sea, and arrives on the other shore.

### What to try next

Ask for **code**, a **table**, a **list** or a **long text**, and press *Stop* in the middle of it. Start a \
second chat while this one is writing. When you are ready for a real model, ask **how to get a key**.
"""

GREETING = f"""\
Hello! I am the {LABEL}. I can't think, but I can show you around: ask for **code**, a **table**, a \
**list**, \
a **long text**, the **shortcuts**, or **how to get a key** for a real model.
"""

THANKS = """\
You're welcome. Whenever you like, open *Settings* and add an endpoint: your chats stay where they are.
"""

GOODBYE = """\
Goodbye! This chat is stored on this computer, and will be here when you come back.
"""

WHO = f"""\
I am the **{LABEL}**. My answers were written beforehand and are picked by the words that you type.

Sirocco is the window around me. Connected to the Mistral API, or to any server that speaks the same \
protocol, it shows a real model's answers in the very same way.
"""

CODE = """\
Here is the same small task in two languages: the longest line of a file.

```python
from pathlib import Path

def longest_line(path: str) -> str:
    with Path(path).open(encoding="utf-8") as lines:
        return max(lines, key=len, default="").rstrip("\\n")

print(longest_line("notes.txt"))
```

```rust
use std::{fs::File, io::{self, BufRead, BufReader}};

fn longest_line(path: &str) -> io::Result<String> {
    let lines = BufReader::new(File::open(path)?).lines();
    Ok(lines.map_while(Result::ok).max_by_key(|line| line.len()).unwrap_or_default())
}
```

Both read line by line, so a large file is no problem. *Copy* at the top right of a block takes the code \
alone.

(From the offline demo: the code works, but it was not written for your question.)
"""

TABLE = """\
Some winds, their homes and their characters:

| Wind | Where it blows | From | Character | Usual speed (km/h) |
|:-----|:---------------|:----:|:----------|-------------------:|
| Sirocco | Mediterranean | south-east | warm, dusty, humid over the sea | 50 |
| Mistral | Rhône valley | north | cold, dry, clear sky | 70 |
| Bora | Adriatic coast | north-east | cold, in sudden gusts | 90 |
| Tramontana | Catalonia, Italy | north | cold and dry | 60 |
| Levante | Strait of Gibraltar | east | mild, often with fog | 45 |

Columns of numbers stand right, text stands left. (From the offline demo.)
"""

LIST = """\
A list, as a model would write it. Before you go away for a week:

1. **The day before**
   - water the plants
   - charge what needs charging
     - telephone
     - headphones
   - [ ] put the passports where you will see them
2. **In the morning**
   - close the windows, for the sirocco brings dust
   - take out the rubbish
3. **At the door**
   - keys
   - and the one thing that you thought of on the stairs

(From the offline demo.)
"""

LONG = """\
# A wind from the desert

A longer text, so that you can try *Stop*, scroll up while it is still being written, and jump back down.

## Where it comes from

The sirocco begins as a mass of hot, dry air over the Sahara. When a depression moves from west to east \
along \
the Mediterranean, it draws that air northwards. Over the land it is dry and full of fine dust; on the coast \
of North Africa it can raise the temperature by fifteen degrees in an hour, and the horizon turns the colour \
of brick.

## What the sea does to it

Crossing the water it drinks. By the time it reaches Malta, Sicily or the Adriatic it is warm and humid, the \
walls sweat, and laundry hung out in the morning is still wet at night. In Venice it pushes the sea into the \
lagoon from the south-east, and when the tide agrees the squares stand under water.

## What people made of it

> *When the sirocco blows, decide nothing.*

In some towns, they say, judges were milder towards quarrels fought on the third day of the wind, and \
letters \
written then were best left until the next morning. Every coast has its own name for it:

- **ghibli** in Libya,
- **jugo** in Croatia,
- **xlokk** in Malta,
- **marin** in the south of France,
- **leveche** in Spain.

## What it leaves behind

After two or three days the wind drops. Cars and window sills wear a thin red film, the air is suddenly \
clear, \
and somewhere north of the Alps the snow has a faint shade of orange: dust that lay on a dune at the \
beginning \
of the week.

## And why it is the name of this program

Because an answer should arrive like that: from far away, in one long breath, and be there before you have \
finished wondering about it.

(From the offline demo.)
"""

HELP = """\
In the **offline demo** these words get an answer:

- **hello**, **thanks**, **who are you**
- **code**, **table**, **list**, **quote**, **long text**
- **shortcuts** for the keyboard
- **how do I get a key?** for the way to a real model
- **is this private?** for what is stored where

Anything else gets a plain *this is only the demo*.
"""

KEY = """\
To talk to a real model you need an *endpoint*, and usually an *API key* for it.

1. Get a key. For Mistral AI: sign in at [console.mistral.ai](https://console.mistral.ai/api-keys), choose \
*API keys*, create one, and copy it at once, for it is shown only once.
2. In Sirocco open **Settings** (Ctrl+,), page **Endpoints**, and add one.
3. Choose *Mistral API*, *Mistral AI*, a *local server* or another address, paste the key, and press \
**Test connection**.
4. Press **Save** and start a new chat.

A server on your own machine, such as Ollama or llama.cpp, usually needs no key at all.

The key is kept in your system's keyring, never in a file, and goes only to the address it was entered for.
"""

SHORTCUTS = """\
| Keys | What they do |
|:-----|:-------------|
| Enter | send the message |
| Shift+Enter | new line |
| Ctrl+N | new chat |
| Ctrl+Up, Ctrl+Down | previous and next chat |
| Ctrl+M | choose the model |
| Ctrl+R | try again |
| Ctrl+B | show or hide the list of chats |
| Ctrl+, | settings |
| Ctrl+/ | the whole list |

On a Mac it is ⌘ in place of Ctrl.
"""

QUOTE = """\
> He that is discontented in one place will seldom be happy in another.
>
> > A quotation inside a quotation is set in further.

and a rule below it:

---

(From the offline demo.)
"""

PRIVACY = """\
In the offline demo **nothing leaves this computer**, and no connection is opened.

With a real endpoint:

- your messages go to the address that you entered, and nowhere else;
- chats are stored on this computer, in a folder that only you can read;
- the key is stored in the system's keyring, and sent only to the address it was entered for;
- nothing is loaded from links or pictures in an answer.
"""

DEFAULT = f"""\
This is the {LABEL}, so I can't answer that: there is no model behind me, only a few texts that were written \
beforehand.

Try **code**, a **table**, a **list**, a **long text**, **shortcuts**, or ask **how to get a key** to \
talk to \
a real model.
"""

# The first whose words are in the message answers; what is asked for most clearly stands first.
ANSWERS: tuple[tuple[str, str], ...] = (
    (r"\b(api.?)?keys?\b(?!.?board)|\bsign.?up\b|\breal model\b|\bconnect\b|\bendpoint\b|\bset ?up\b", KEY),
    (r"\bshort.?cuts?\b|\bkey.?board\b|\bhot.?keys?\b", SHORTCUTS),
    (r"\bprivate\b|\bprivacy\b|\bstored?\b|\bsafe\b|\boffline\b|\bsecur\w+", PRIVACY),
    (r"\bcode\b|\bpython\b|\brust\b|\bjavascript\b|\bfunction\b|\bprogram\w*|\bscript\b|```", CODE),
    (r"\btables?\b|\bcolumns?\b|\bspreadsheet\b", TABLE),
    (r"\blong\b|\bessay\b|\bstory\b|\barticle\b|\btext\b|\bwrite\b|\bpoem\b|\bwind\b|\bsirocco\b", LONG),
    (r"\blists?\b|\bsteps?\b|\btodo\b|\bto-do\b|\bchecklist\b", LIST),
    (r"\bquot\w+", QUOTE),
    (r"\btour\b|\bagain\b|\bmarkdown\b|\brender\w*|\bheadings?\b", TOUR),
    (r"\bhelp\b|\bwhat can (you|i)\b|\bcommands?\b|^\s*\?+\s*$|\btry\b", HELP),
    (r"\bwho\b|\bwhat are you\b|\bwhat is this\b|\bdemo\b|\bmodel\b", WHO),
    (r"\bthank(s| you)?\b|\bthx\b|\bmerci\b|\bdanke\b|\bgreat\b|\bnice\b|\bcool\b", THANKS),
    (r"\b(good)?bye\b|\bsee you\b|\bgood night\b", GOODBYE),
    (r"\bhello\b|\bhi\b|\bhey\b|\bgood (morning|day|evening)\b|\bbonjour\b|\bhallo\b|\bhola\b", GREETING),
)


def demo_answer(questions: Sequence[str]) -> str:
    """What the demo says to the last of the user's messages of one chat, oldest first."""
    if len(questions) <= 1:
        return TOUR
    question = questions[-1]
    return next((text for words, text in ANSWERS if re.search(words, question, re.IGNORECASE)), DEFAULT)
