using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Gateway.Core.Configuration;
using Gateway.Errors;
using Gateway.Inference;

namespace Gateway.Reading;

/// <summary>
/// Reads the few members that decide a call, in one pass of <see cref="Utf8JsonReader"/> over the body; no document is made. Refuses what the upstream might
/// read otherwise than we do: a member given twice (names compared after unescaping), two different maxima, members that steer the upstream.
/// </summary>
internal sealed class RequestReader(HubOptions options)
{
    private readonly SteeringMembers _steering = new(options.AllowedSteeringMembers);
    private readonly JsonReaderOptions _readerOptions = new() { MaxDepth = options.MaxJsonDepth };

    [Flags]
    private enum Seen
    {
        None = 0,
        Model = 1,
        Stream = 2,
        StreamOptions = 4,
        MaxTokens = 8,
        MaxCompletionTokens = 16,
        N = 32,
        BestOf = 64,
        IncludeUsage = 128,
    }

    /// <summary>Reads a body; false with the refusal to give.</summary>
    public bool TryRead(ReadOnlySpan<byte> body, InferenceApi api, out RequestMembers members, [NotNullWhen(false)] out Refusal? refusal)
    {
        members = default;
        if (body.IsEmpty)
        {
            refusal = Refusals.EmptyBody;
            return false;
        }
        var reader = new Utf8JsonReader(body, _readerOptions);
        try
        {
            var state = new State();
            refusal = ReadObject(ref reader, api, ref state);
            if (refusal is null)
            {
                // Whatever stands behind the object makes it no JSON at all.
                reader.Read();
                refusal = state.Finish(options.MaxChoices, out members);
            }
        }
        catch (JsonException fault)
        {
            refusal = Refusals.InvalidJson((fault.LineNumber ?? 0) + 1, (fault.BytePositionInLine ?? 0) + 1);
        }
        catch (InvalidOperationException)
        {
            // Text that is no UTF-8, found while a name or value was decoded.
            refusal = Refusals.InvalidJson(1, reader.TokenStartIndex + 1);
        }
        return refusal is null;
    }

    private Refusal? ReadObject(ref Utf8JsonReader reader, InferenceApi api, ref State state)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return Refusals.NotAnObject();
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (ReadMember(ref reader, api, ref state) is { } refusal)
            {
                return refusal;
            }
        }
        return null;
    }

    private Refusal? ReadMember(ref Utf8JsonReader reader, InferenceApi api, ref State state)
    {
        if (reader.ValueTextEquals("model"u8))
        {
            return state.Take(Seen.Model, "model") ?? ReadModel(ref reader, ref state);
        }
        if (reader.ValueTextEquals("metadata"u8) || reader.ValueTextEquals("litellm_metadata"u8))
        {
            return _steering.Match(reader) is { } whole ? Refusals.SteeringMember(whole) : ReadMetadata(ref reader);
        }
        if (api.CanStream && reader.ValueTextEquals("stream"u8))
        {
            return state.Take(Seen.Stream, "stream") ?? ReadStream(ref reader, ref state);
        }
        if (api.CanStream && reader.ValueTextEquals("stream_options"u8))
        {
            return state.Take(Seen.StreamOptions, "stream_options") ?? ReadStreamOptions(ref reader, ref state);
        }
        if (reader.ValueTextEquals("max_tokens"u8))
        {
            return state.Take(Seen.MaxTokens, "max_tokens") ?? ReadCount(ref reader, "max_tokens", 0, long.MaxValue, out state.MaxTokens);
        }
        if (reader.ValueTextEquals("max_completion_tokens"u8))
        {
            return state.Take(Seen.MaxCompletionTokens, "max_completion_tokens") ?? ReadCount(ref reader, "max_completion_tokens", 0, long.MaxValue, out state.MaxCompletionTokens);
        }
        if (reader.ValueTextEquals("n"u8))
        {
            return state.Take(Seen.N, "n") ?? ReadCount(ref reader, "n", 1, options.MaxChoices, out state.N);
        }
        if (reader.ValueTextEquals("best_of"u8))
        {
            return state.Take(Seen.BestOf, "best_of") ?? ReadCount(ref reader, "best_of", 1, options.MaxChoices, out state.BestOf);
        }
        if (_steering.Match(reader) is { } steering)
        {
            return Refusals.SteeringMember(steering);
        }
        reader.Skip();
        return null;
    }

    private static Refusal? ReadModel(ref Utf8JsonReader reader, ref State state)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            return Refusals.InvalidMember("model", "a string");
        }
        state.Model = reader.GetString();
        state.ModelRange = new ByteRange((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));
        return null;
    }

    private static Refusal? ReadStream(ref Utf8JsonReader reader, ref State state)
    {
        reader.Read();
        state.Stream = reader.TokenType == JsonTokenType.True;
        return reader.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null ? null : Refusals.InvalidMember("stream", "true or false");
    }

    private static Refusal? ReadStreamOptions(ref Utf8JsonReader reader, ref State state)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
        {
            return Refusals.InvalidMember("stream_options", "an object");
        }
        state.StreamOptionsIsObject = reader.TokenType == JsonTokenType.StartObject;
        while (state.StreamOptionsIsObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("include_usage"u8))
            {
                reader.Skip();
                continue;
            }
            if (state.Take(Seen.IncludeUsage, "stream_options.include_usage") is { } twice)
            {
                return twice;
            }
            reader.Read();
            state.IncludeUsageRange = new ByteRange((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));
            state.IncludeUsage = reader.TokenType == JsonTokenType.True;
            if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
            {
                return Refusals.InvalidMember("stream_options.include_usage", "true or false");
            }
        }
        state.StreamOptionsRange = new ByteRange(start, (int)(reader.BytesConsumed - start));
        return null;
    }

    // LiteLLM also reads some steering members from inside metadata.
    private Refusal? ReadMetadata(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_steering.Match(reader) is { } steering)
            {
                return Refusals.SteeringMember("metadata." + steering);
            }
            reader.Skip();
        }
        return null;
    }

    private static Refusal? ReadCount(ref Utf8JsonReader reader, string name, long minimum, long maximum, out long? count)
    {
        reader.Read();
        count = null;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= minimum && number <= maximum)
        {
            count = number;
            return null;
        }
        return Refusals.InvalidMember(name, maximum == long.MaxValue ? $"a whole number of at least {minimum}" : $"a whole number from {minimum} to {maximum}");
    }

    private struct State
    {
        public string? Model;
        public ByteRange ModelRange;
        public bool Stream;
        public bool StreamOptionsIsObject;
        public ByteRange StreamOptionsRange;
        public bool IncludeUsage;
        public ByteRange IncludeUsageRange;
        public long? MaxTokens;
        public long? MaxCompletionTokens;
        public long? N;
        public long? BestOf;
        private Seen _seen;

        public Refusal? Take(Seen member, string name)
        {
            if ((_seen & member) != 0)
            {
                return Refusals.DuplicateMember(name);
            }
            _seen |= member;
            return null;
        }

        public readonly Refusal? Finish(int maxChoices, out RequestMembers members)
        {
            members = default;
            if (string.IsNullOrEmpty(Model))
            {
                return Refusals.MissingModel();
            }
            if (MaxTokens is { } old && MaxCompletionTokens is { } current && old != current)
            {
                return Refusals.TwoMaxima();
            }
            members = new RequestMembers
            {
                Model = Model,
                ModelRange = ModelRange,
                Stream = Stream,
                IncludeUsage = IncludeUsage,
                StreamOptionsRange = StreamOptionsRange,
                StreamOptionsIsObject = StreamOptionsIsObject,
                IncludeUsageRange = IncludeUsageRange,
                MaxOutputTokens = MaxCompletionTokens ?? MaxTokens,
                Choices = (int)Math.Min(maxChoices, Math.Max(N ?? 1, BestOf ?? 1)),
            };
            return null;
        }
    }
}
