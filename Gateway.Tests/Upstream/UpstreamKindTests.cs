using Gateway.Core.Upstreams;

namespace Gateway.Tests.Upstream;

/// <summary>Addresses and names of models, as the kinds of upstreams take them.</summary>
public sealed class UpstreamKindTests
{
    [
        Theory,
        InlineData("litellm", "http://host:4000", "http://host:4000/v1/"),
        InlineData("litellm", "http://host:4000/v1", "http://host:4000/v1/"),
        InlineData("litellm", "http://host/litellm/v1/", "http://host/litellm/v1/"),
        InlineData("openai", "https://api.openai.com", "https://api.openai.com/v1/"),
        InlineData("openai", "https://api.openai.com/v1", "https://api.openai.com/v1/"),
        InlineData("anthropic", "https://api.anthropic.com/", "https://api.anthropic.com/v1/"),
        InlineData("google", "https://g.example", "https://g.example/v1beta/openai/"),
        InlineData("google", "https://g.example/v1beta/openai/", "https://g.example/v1beta/openai/"),
        InlineData("google", "https://g.example/v1beta", "https://g.example/v1beta/openai/"),
        InlineData("google", "https://g.example/v1", "https://g.example/v1beta/openai/"),
        InlineData("yandex", "https://llm.api.cloud.yandex.net", "https://llm.api.cloud.yandex.net/v1/"),
        InlineData("openai_compatible", "http://localhost:11434/v1", "http://localhost:11434/v1/"),
        InlineData("openai_compatible", "https://api.groq.com/openai/v1", "https://api.groq.com/openai/v1/"),
        InlineData("openai_compatible", "https://api.z.ai/api/paas/v4", "https://api.z.ai/api/paas/v4/")
    ]
    public void An_address_may_be_written_with_or_without_its_version(string kind, string given, string root) =>
        Assert.Equal(new Uri(root), UpstreamKind.Find(kind)!.RootOf(new Uri(given)));

    [
        Theory,
        InlineData("google", "models/gemini-2.5-flash", "gemini-2.5-flash"),
        InlineData("yandex", "gpt://b1g/yandexgpt/latest", "yandexgpt/latest"),
        InlineData("yandex", "yandexgpt", "yandexgpt"),
        InlineData("openai", "gpt-4o-mini", "gpt-4o-mini"),
        InlineData("openai_compatible", "models/x", "models/x")
    ]
    public void A_model_is_listed_by_its_plain_name(string kind, string there, string here) =>
        Assert.Equal(here, UpstreamKind.Find(kind)!.ListedNameOf(there));

    [
        Theory,
        InlineData("yandex", "yandexgpt/latest", false, "gpt://folder/yandexgpt/latest"),
        InlineData("yandex", "text-search-doc/latest", true, "emb://folder/text-search-doc/latest"),
        InlineData("yandex", "gpt://other/yandexgpt/latest", false, "gpt://other/yandexgpt/latest"),
        InlineData("openai", "gpt-4o", false, "gpt-4o")
    ]
    public void A_model_of_yandex_gets_its_folder(string kind, string stored, bool isEmbedding, string sent) =>
        Assert.Equal(sent, UpstreamKind.Find(kind)!.SentNameOf(stored, "folder", isEmbedding));
}
