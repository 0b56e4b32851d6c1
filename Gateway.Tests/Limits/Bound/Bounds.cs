using System.Text;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Limits.Bound;
using static Gateway.Tests.Pricing.PriceTables;

namespace Gateway.Tests.Limits.Bound;

/// <summary>Bodies, models and bounds in one line each.</summary>
internal static class Bounds
{
    public const long Window = 100_000;
    public const long LongestAnswer = 4_000;
    public const string Png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ";

    private static readonly RequestReader Reader = new(new BodyOptions());

    /// <summary>A model of which all is known: 1 nano-dollar a token in, 4 out.</summary>
    public static readonly PolicyModel Model = new()
    {
        Id = "m",
        Name = "m",
        UpstreamName = "m",
        Provider = "openai",
        Mode = "chat",
        IsEnabled = true,
        IsFree = false,
        Prices = Table("""{"input":1000,"output":4000}"""),
        MaxInputTokens = Window,
        MaxOutputTokens = LongestAnswer,
        PromptOverheadTokens = 0,
        ToolsOverheadTokens = 0,
        ImageTokenBound = 1_000,
        CreatedAt = DateTime.UnixEpoch,
    };

    /// <summary>The same with other prices, in the form of <c>prices.json</c>.</summary>
    public static PolicyModel Priced(string rates) => Model with { Prices = Table(rates) };

    /// <summary>A chat of one user message with this JSON as its content, and further members.</summary>
    public static string Chat(string content = "\"hi\"", string more = "") =>
        $$"""{"model":"m","messages":[{"role":"user","content":{{content}}}]{{more}}}""";

    public static RequestMembers Read(string body, CallApi? api = null) =>
        Reader.TryRead(Encoding.UTF8.GetBytes(body), api ?? ApiTable.Chat, out var members, out var refusal)
            ? members
            : throw new InvalidOperationException(refusal.Message);

    public static Refusal? RefusalOfReading(string body, CallApi? api = null)
    {
        Reader.TryRead(Encoding.UTF8.GetBytes(body), api ?? ApiTable.Chat, out _, out var refusal);
        return refusal;
    }

    public static CallBound Of(string body, PolicyModel? model = null, CallApi? api = null, OutputLimits limits = default) =>
        CallBound.Compute(api ?? ApiTable.Chat, Read(body, api), Encoding.UTF8.GetByteCount(body), model ?? Model, limits);

    /// <summary>The body as it goes upstream with a maximum put in.</summary>
    public static string WithMaximum(string body, long maximum, PolicyModel? model = null, CallApi? api = null)
    {
        var edit = MaximumEdit.Create(api ?? ApiTable.Chat, Read(body, api), model ?? Model, maximum);
        return body[..edit.Offset] + Encoding.UTF8.GetString(edit.Replacement.Span) + body[(edit.Offset + edit.Length)..];
    }
}
