using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Gateway.Core.Pricing;

/// <summary>
/// The public list prices that ship with the gateway (<c>prices.json</c>), the last of the price sources. Read at first use: the file has
/// one model per line, so only the lines' beginnings are indexed, and a model's line is parsed when it is asked for. Thread-safe.
/// </summary>
public static class ShippedPrices
{
    private const string ResourceName = "Gateway.Core.Pricing.prices.json";
    private const int LongestName = 256;

    private static readonly Lazy<Index> Models = new(Index.Load);

    /// <summary>The day the list was taken. A list price can have changed since.</summary>
    public static DateOnly Date { get; } = new(2026, 11, 21);

    /// <summary>How many models the list has.</summary>
    public static int Count => Models.Value.Count;

    /// <summary>The names of all models, in the order of the list.</summary>
    public static IEnumerable<string> Names => Models.Value.Names();

    /// <summary>
    /// Finds a model by the name LiteLLM calls it: as it stands, then without its provider prefix (<c>openai/gpt-4o</c>: <c>gpt-4o</c>).
    /// Names that have a row of their own, such as <c>azure/gpt-4o</c>, are therefore never priced as another provider's.
    /// </summary>
    public static bool TryFind(string modelName, [NotNullWhen(true)] out ShippedPrice? price)
    {
        price = Find(modelName);
        var prefix = modelName.IndexOf('/');
        if (price is null && prefix >= 0)
        {
            price = Find(modelName.AsSpan(prefix + 1));
        }
        return price is not null;
    }

    private static ShippedPrice? Find(ReadOnlySpan<char> name)
    {
        Span<byte> utf8 = stackalloc byte[LongestName];
        return Encoding.UTF8.TryGetBytes(name, utf8, out var length) && length > 0 && Models.Value.TryFindLine(utf8[..length], out var line)
            ? ReadModel(name.ToString(), line)
            : null;
    }

    private static ShippedPrice ReadModel(string name, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        string? provider = null,
            mode = null;
        long? maxInput = null,
            maxOutput = null;
        int? dimensions = null;
        DateOnly? deprecated = null;
        var supports = new List<string>();
        var isStepPriced = false;
        var prices = PriceTable.Empty;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString();
            reader.Read();
            switch (member)
            {
                case "provider":
                    provider = reader.GetString();
                    break;
                case "mode":
                    mode = reader.GetString();
                    break;
                case "max_input_tokens":
                    maxInput = reader.GetInt64();
                    break;
                case "max_output_tokens":
                    maxOutput = reader.GetInt64();
                    break;
                case "dimensions":
                    dimensions = reader.GetInt32();
                    break;
                case "deprecated":
                    deprecated = DateOnly.ParseExact(reader.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
                    break;
                case "supports":
                    while (reader.Read() && reader.TokenType == JsonTokenType.String)
                    {
                        supports.Add(reader.GetString()!);
                    }
                    break;
                case "tiered":
                    isStepPriced = reader.GetBoolean();
                    break;
                case "rates":
                    if (!PriceTableJson.TryRead(ref reader, RateUnit.PicoUsd, out prices, out var error))
                    {
                        throw new InvalidDataException($"The shipped price of {name} is unreadable: {error}");
                    }
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return new()
        {
            Name = name,
            Provider = provider,
            Mode = mode,
            MaxInputTokens = maxInput,
            MaxOutputTokens = maxOutput,
            Dimensions = dimensions,
            Supports = supports,
            Deprecated = deprecated,
            IsStepPriced = isStepPriced,
            Prices = prices,
        };
    }

    /// <summary>
    /// Where each model's line is: an open-addressed table of line starts, by the hash of the name. No string is made for it.
    /// </summary>
    private sealed class Index
    {
        private readonly byte[] _json;
        private readonly int[] _lineStarts; // 0 is free: no model stands on the first line

        [MethodImpl(MethodImplOptions.AggressiveOptimization)] // it runs once: unoptimised code would never be replaced in time
        private Index(byte[] json)
        {
            _json = json;
            var lines = json.AsSpan().Count((byte)'\n');
            _lineStarts = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)lines * 2)];
            for (var start = NextLine(0); start < json.Length; start = NextLine(start))
            {
                if (json[start] == (byte)'"')
                {
                    var slot = Slot(NameAt(start));
                    while (_lineStarts[slot] != 0)
                    {
                        slot = (slot + 1) & (_lineStarts.Length - 1);
                    }
                    _lineStarts[slot] = start;
                    Count++;
                }
            }
        }

        public int Count { get; }

        public static Index Load()
        {
            using var stream =
                typeof(ShippedPrices).Assembly.GetManifestResourceStream(ResourceName)
                ?? throw new InvalidOperationException($"The resource {ResourceName} is missing from this build.");
            var json = new byte[stream.Length];
            stream.ReadExactly(json);
            return new(json);
        }

        public IEnumerable<string> Names() =>
            _lineStarts.Where(start => start != 0).Order().Select(start => Encoding.UTF8.GetString(NameAt(start)));

        /// <summary>The model's object: what stands after <c>"name":</c> on its line, without the comma.</summary>
        public bool TryFindLine(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> line)
        {
            for (var slot = Slot(name); _lineStarts[slot] != 0; slot = (slot + 1) & (_lineStarts.Length - 1))
            {
                var start = _lineStarts[slot];
                if (NameAt(start).SequenceEqual(name))
                {
                    var from = start + name.Length + 3;
                    line = _json.AsSpan(from, NextLine(start) - from).TrimEnd(",\r\n"u8);
                    return true;
                }
            }
            line = default;
            return false;
        }

        private int NextLine(int from)
        {
            var end = _json.AsSpan(from).IndexOf((byte)'\n');
            return end < 0 ? _json.Length : from + end + 1;
        }

        private ReadOnlySpan<byte> NameAt(int lineStart)
        {
            var behindQuote = _json.AsSpan(lineStart + 1);
            return behindQuote[..behindQuote.IndexOf((byte)'"')];
        }

        private int Slot(ReadOnlySpan<byte> name)
        {
            var hash = 2166136261u; // FNV-1a
            foreach (var b in name)
            {
                hash = (hash ^ b) * 16777619;
            }
            return (int)(hash ^ (hash >> 15)) & (_lineStarts.Length - 1);
        }
    }
}
