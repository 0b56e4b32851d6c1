#!/usr/bin/env python3
"""Derives the names of LiteLLM's own request members from an unpacked LiteLLM.

usage: derive.py FOLDER > litellm-VERSION.json

FOLDER holds the packages of an installed LiteLLM proxy (site-packages, or an unpacked archive) and is read with the Python that it was
made for. Only names are written, by the place where LiteLLM keeps or reads them:
  parameters  the arguments that LiteLLM keeps for itself and never sends to a provider
  deployment  what a deployment can be configured with
  request     what its request models know beside the APIs' own members
  refused     what its proxy refuses in a body unless its own configuration allows it
  router      what its router takes from a call's arguments
  proxy       what its proxy takes from a body before it calls the router
  metadata    what router and proxy take from a call's metadata
Members that belong to the APIs themselves (as the openai package has them) are left out everywhere but in metadata.
"""
import json
import os
import re
import sys
from importlib.metadata import distributions
from pathlib import Path

folder = Path(sys.argv[1]).resolve()
sys.path[:0] = [str(folder)]
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"   # nothing is fetched

import litellm  # noqa: E402
from litellm.proxy.auth import auth_utils  # noqa: E402
from litellm.types import router as router_types  # noqa: E402
from litellm.types import utils as util_types  # noqa: E402
from litellm.types.completion import CompletionRequest  # noqa: E402
from openai.types import completion_create_params, embedding_create_params  # noqa: E402
from openai.types.chat import completion_create_params as chat_create_params  # noqa: E402


def names_of(*types):
    return {name for each in types for parent in each.__mro__ for name in getattr(parent, "__annotations__", {})}


def standard():
    return names_of(
        chat_create_params.CompletionCreateParamsBase, chat_create_params.CompletionCreateParamsStreaming,
        completion_create_params.CompletionCreateParamsBase, completion_create_params.CompletionCreateParamsStreaming,
        embedding_create_params.EmbeddingCreateParams)


def read(places, pattern):
    root = folder / "litellm"
    files = [file for place in places for file in ([root / place] if (root / place).is_file() else sorted((root / place).rglob("*.py")))]
    return {name for file in files for name in re.findall(pattern, file.read_text(encoding="utf-8"))}


ROUTER = ["router_python_core.py", "router.py", "router_utils", "router_strategy"]
PROXY = ["proxy/litellm_pre_call_utils.py", "proxy/route_llm_request.py", "proxy/common_request_processing.py"]
ACCESS = r'\b(?:request_)?%s(?:\.(?:get|pop|setdefault)\(|\[)"([A-Za-z_-]+)"'

known = standard()
sections = {
    "parameters": set(util_types.all_litellm_params),
    "deployment": set(router_types.LiteLLM_Params.model_fields),
    "request": set(CompletionRequest.model_fields) | set(litellm.OPENAI_CHAT_COMPLETION_PARAMS),
    "refused": set(auth_utils._BANNED_REQUEST_BODY_PARAMS),
    "router": read(ROUTER, ACCESS % "kwargs"),
    "proxy": read(PROXY, ACCESS % "data"),
}
result = {name: sorted(found - known) for name, found in sections.items()}
result["metadata"] = sorted(set(auth_utils._BANNED_METADATA_PARAMS) | read(ROUTER + PROXY, ACCESS % r"(?:[a-z_]*_)?metadata"))
version = next(each.version for each in distributions(path=[str(folder)]) if each.metadata["Name"].lower() == "litellm")
print(json.dumps({"version": version, **result}, indent=2))
