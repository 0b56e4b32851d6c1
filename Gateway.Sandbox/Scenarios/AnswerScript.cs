using System.Globalization;

namespace Gateway.Sandbox.Scenarios;

/// <summary>What a model says, piece by piece. Longer answers go round the same pieces, so any length costs the same memory.</summary>
internal sealed class AnswerScript(Piece[] pieces, int length)
{
    public static readonly AnswerScript Greeting = Of("Hello from the sandbox provider, in eight words.");

    public static readonly AnswerScript JsonGreeting = OfJson("""{"answer":"Hello from the sandbox provider."}""");

    public static readonly AnswerScript MultiByte = Of("Grüße aus Zürich: データ 数据 🚀 “naïve” – ça coûte 5 € 👩‍💻.");

    public static readonly AnswerScript ToolCall = new(
        [.. new[] { "", "{\"city\"", ":\"Bern\"", ",\"unit\":\"c\"}" }.Select(text => new Piece(text, PieceKind.ToolCall))],
        4
    );

    public static readonly AnswerScript Reasoned = new(
        [
            .. Words("The user greets; greet back. ", PieceKind.Reasoning),
            .. Words("Hello from the sandbox provider, in eight words.", PieceKind.Text),
        ],
        13
    );

    // No two neighbours are equal: LiteLLM itself ends a stream of 100 equal chunks.
    private static readonly Piece[] Numbered =
    [
        .. Enumerable.Range(0, 500).Select(i => new Piece($"w{i.ToString("D3", CultureInfo.InvariantCulture)} ")),
    ];

    private static readonly Piece[] EightBytes =
    [
        .. Enumerable.Range(0, 500).Select(i => new Piece($"lore{i.ToString("D3", CultureInfo.InvariantCulture)},")),
    ];

    private const int JsonPiece = 8;

    public int Length => length;

    /// <summary>An answer that is JSON, some characters in each chunk.</summary>
    public static AnswerScript OfJson(string json) => OfParts(Parts(json), PieceKind.Text);

    /// <summary>The arguments of a tool call: the first chunk names the tool and has none.</summary>
    public static AnswerScript OfArguments(string json) => OfParts(Parts(json).Prepend(""), PieceKind.ToolCall);

    /// <summary>Words that differ from their neighbours.</summary>
    public static AnswerScript Varied(int words) => new(Numbered, words);

    /// <summary>An answer of exactly so many bytes, rounded down to eight.</summary>
    public static AnswerScript OfBytes(int bytes) => new(EightBytes, bytes / 8);

    public Piece At(int index) => pieces[index % pieces.Length];

    private static AnswerScript OfParts(IEnumerable<string> parts, PieceKind kind)
    {
        var pieces = parts.Select(part => new Piece(part, kind)).ToArray();
        return new AnswerScript(pieces, pieces.Length);
    }

    // Never between the halves of a character.
    private static IEnumerable<string> Parts(string text)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = Math.Min(start + JsonPiece, text.Length);
            end -= end < text.Length && char.IsHighSurrogate(text[end - 1]) ? 1 : 0;
            yield return text[start..end];
        }
    }

    private static AnswerScript Of(string text)
    {
        var pieces = Words(text, PieceKind.Text).ToArray();
        return new AnswerScript(pieces, pieces.Length);
    }

    private static IEnumerable<Piece> Words(string text, PieceKind kind)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Select((word, i) => new Piece(i == words.Length - 1 && kind == PieceKind.Text ? word : word + " ", kind));
    }
}
