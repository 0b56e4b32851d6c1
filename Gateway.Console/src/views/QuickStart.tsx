import { PasswordInput, Select, Stack, Tabs, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { callableModelsQuery } from "../api/users";
import { useI18n } from "../i18n/i18n";
import { useFilters } from "../parts/filters";
import { Page } from "../parts/Page";
import { Copy } from "./keys/SecretOnce";

interface Snippet {
  id: string;
  name: string;
  text: (base: string, key: string, model: string) => string;
}

const snippets: Snippet[] = [
  {
    id: "curl",
    name: "curl",
    text: (base, key, model) =>
      `curl ${base}/v1/chat/completions \\\n  -H "Authorization: Bearer ${key}" \\\n  -H "Content-Type: application/json" \\\n  -d '{"model":"${model}","messages":[{"role":"user","content":"Hello"}]}'`,
  },
  {
    id: "python",
    name: "Python",
    text: (base, key, model) =>
      `from openai import OpenAI\n\nclient = OpenAI(base_url="${base}/v1", api_key="${key}")\nanswer = client.chat.completions.create(\n    model="${model}", messages=[{"role": "user", "content": "Hello"}]\n)\nprint(answer.choices[0].message.content)`,
  },
  {
    id: "node",
    name: "Node",
    text: (base, key, model) =>
      `import OpenAI from "openai";\n\nconst client = new OpenAI({ baseURL: "${base}/v1", apiKey: "${key}" });\nconst answer = await client.chat.completions.create({\n  model: "${model}",\n  messages: [{ role: "user", content: "Hello" }],\n});\nconsole.log(answer.choices[0].message.content);`,
  },
  {
    id: "dotnet",
    name: ".NET",
    text: (base, key, model) =>
      `var client = new OpenAIClient(\n    new ApiKeyCredential("${key}"),\n    new OpenAIClientOptions { Endpoint = new Uri("${base}/v1") });\nvar answer = await client.GetChatClient("${model}").CompleteChatAsync("Hello");\nConsole.WriteLine(answer.Value.Content[0].Text);`,
  },
  {
    id: "claude-code",
    name: "Claude Code",
    text: (base, key, model) =>
      `export ANTHROPIC_BASE_URL=${base}\nexport ANTHROPIC_AUTH_TOKEN=${key}\nexport ANTHROPIC_MODEL=${model}\nexport CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1\nexport DISABLE_AUTOUPDATER=1\nclaude`,
  },
  {
    id: "codex",
    name: "Codex",
    text: (base, key, model) =>
      `# ~/.codex/config.toml, with HUB_API_KEY=${key} in the environment\nmodel = "${model}"\nmodel_provider = "hub"\nweb_search = "disabled"\n\n[model_providers.hub]\nname = "OneUIHub"\nbase_url = "${base}/v1"\nenv_key = "HUB_API_KEY"\nwire_api = "responses"\nrequest_max_retries = 1\nstream_max_retries = 1`,
  },
  {
    id: "cursor",
    name: "Cursor",
    text: (base, key, model) => `OpenAI API Key            ${key}\nOverride OpenAI Base URL  ${base}/v1\nModel                     ${model}`,
  },
];

const noKey = "sk-hub-...";

/** What to write where, with the own address, key and model filled in. The key stays in this page. */
export default function QuickStart() {
  const { t } = useI18n();
  const filters = useFilters();
  const { data: models = [] } = useQuery(callableModelsQuery);
  const [key, setKey] = useState("");
  const model = filters.get("model") ?? models[0] ?? "gpt-4o-mini";
  const chosen = snippets.find((snippet) => snippet.id === filters.get("for"))?.id ?? "curl";
  return (
    <Page title={t("quick.title")}>
      <Text>
        {t("quick.text")}{" "}
        <Link className="link" to="/console/keys?new=1">
          {t("keys.create")}
        </Link>
      </Text>
      <Stack maw={640}>
        <PasswordInput
          label={t("quick.key")}
          description={t("quick.keyHint")}
          placeholder={noKey}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value.trim())}
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-hidden": true }}
        />
        <Select
          label={t("calls.model")}
          data={models}
          value={model}
          onChange={(value) => filters.set({ model: value })}
          searchable
          allowDeselect={false}
          limit={100}
          nothingFoundMessage={t("app.nothingFound")}
        />
      </Stack>
      <Tabs value={chosen} onChange={(value) => filters.set({ for: value })}>
        <Tabs.List aria-label={t("quick.title")}>
          {snippets.map((snippet) => (
            <Tabs.Tab key={snippet.id} value={snippet.id} translate="no">
              {snippet.name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {snippets.map((snippet) => (
          <Tabs.Panel key={snippet.id} value={snippet.id} pt="md">
            <Stack align="flex-start">
              <pre className="secret" style={{ width: "100%" }}>
                {snippet.text(location.origin, key || noKey, model)}
              </pre>
              <Copy text={snippet.text(location.origin, key || noKey, model)} />
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
