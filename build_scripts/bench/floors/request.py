"""The floor of `ask`: a bare script that posts one streaming request with httpx and prints what comes."""

import os
import sys

import httpx

body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
headers = {"Authorization": f"Bearer {os.environ['MISTRAL_API_KEY']}"}
with (
    httpx.Client(trust_env=False) as client,
    client.stream("POST", f"{sys.argv[1]}/chat/completions", json=body, headers=headers) as response,
):
    for chunk in response.iter_bytes():
        sys.stdout.buffer.write(chunk)
