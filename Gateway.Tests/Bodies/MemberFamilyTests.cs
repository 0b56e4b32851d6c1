using System.Text;
using System.Text.Json;
using Gateway.Bodies;

namespace Gateway.Tests.Bodies;

/// <summary>The list of members by family keeps to its own rules.</summary>
public sealed class MemberFamilyTests
{
    private static readonly string[] Families =
    [
        "OpenAI",
        "OpenRouter",
        "vLLM and SGLang",
        "Ollama and llama.cpp",
        "Groq",
        "Mistral",
        "GLM",
        "Qwen",
        "xAI",
        "Gemini's compatible API",
    ];

    [Fact]
    public void Every_family_is_there() => Assert.Empty(Families.Except(MemberFamilies.All.Select(f => f.Name)));

    [Fact]
    public void Every_member_has_a_reason() =>
        Assert.DoesNotContain(
            MemberFamilies.All.SelectMany(f => f.Groups),
            g => g.Reason.Length < 10 || g.Names.Count == 0 || g.Names.Any(string.IsNullOrWhiteSpace)
        );

    [Fact]
    public void A_name_stands_there_once() =>
        Assert.Empty(
            MemberFamilies
                .All.SelectMany(f => f.Groups)
                .SelectMany(g => g.Names)
                .GroupBy(n => n, StringComparer.Ordinal)
                .Where(g => g.Count() > 1)
                .Select(g => g.Key)
        );

    [Fact]
    public void No_member_of_a_family_steers_the_upstream()
    {
        var steering = new SteeringMembers([]);
        Assert.DoesNotContain(MemberFamilies.Rules.Select(m => m.Name), Steers);

        bool Steers(string name)
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($"{{\"{name}\":1}}"));
            reader.Read();
            reader.Read();
            return steering.Match(reader) is not null;
        }
    }

    [Fact]
    public void What_is_refused_says_what_the_member_can_do() =>
        Assert.All(
            MemberFamilies.Rules.Where(m => m.Rule is BodyMember.Costly or BodyMember.CostlyEvenEmpty),
            m => Assert.NotNull(MemberFamilies.ReasonOf("extra_body." + m.Name))
        );
}
