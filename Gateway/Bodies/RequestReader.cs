using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Json;

namespace Gateway.Bodies;

/// <summary>
/// Reads the few members that decide a call, and counts what its content brings along, in one pass of <see cref="Utf8JsonReader"/> over the
/// body; no document is made. Refuses what the upstream might read otherwise than we do: a member given twice (names compared after
/// unescaping), two different maxima, members that steer the upstream.
/// </summary>
internal sealed class RequestReader(BodyOptions options)
{
    private readonly SteeringMembers _steering = new(options.AllowedSteeringMembers);
    private readonly VouchedMembers _vouched = new(options);
    private readonly NestedMembers _nested = new(new SteeringMembers(options.AllowedSteeringMembers));
    private readonly JsonReaderOptions _readerOptions = new() { MaxDepth = options.MaxJsonDepth };

    /// <summary>Reads a form; false with the refusal to give. Its texts are read by the same rules as the members of JSON.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="boundary">The mark between its parts.</param>
    /// <param name="api">The API called, which takes forms.</param>
    /// <param name="members">What was read.</param>
    /// <param name="refusal">Why it is refused.</param>
    /// <param name="pathModel">The model that the URL names; null: it names none.</param>
    public bool TryReadForm(
        ReadOnlySpan<byte> body,
        string boundary,
        CallApi api,
        out RequestMembers members,
        [NotNullWhen(false)] out Refusal? refusal,
        string? pathModel = null
    )
    {
        members = default;
        List<FormPart> parts = [];
        if (
            !FormReader.TryRead(body, boundary, parts, out refusal)
            || FormJson.Write(body, parts, api.BodyForm.Members, out refusal) is not { } json
        )
        {
            refusal ??= Refusals.EmptyBody;
            return false;
        }
        if (!TryRead(json.Span, api, out members, out refusal, pathModel, new FormBytes(body, parts)))
        {
            return false;
        }
        var model = parts.Find(p => p is { Name: "model", IsFile: false });
        members = members with { ModelRange = members.BodyModel is null ? default : model.Content, FormBoundary = boundary };
        return true;
    }

    /// <summary>Reads a body; false with the refusal to give.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="api">The API called.</param>
    /// <param name="members">What was read.</param>
    /// <param name="refusal">Why it is refused.</param>
    /// <param name="pathModel">The model that the URL names, which wins over the body's; null: it names none.</param>
    public bool TryRead(
        ReadOnlySpan<byte> body,
        CallApi api,
        out RequestMembers members,
        [NotNullWhen(false)] out Refusal? refusal,
        string? pathModel = null
    ) => TryRead(body, api, out members, out refusal, pathModel, default);

    private bool TryRead(
        ReadOnlySpan<byte> body,
        CallApi api,
        out RequestMembers members,
        [NotNullWhen(false)] out Refusal? refusal,
        string? pathModel,
        in FormBytes form
    )
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
            var state = new State(api.BodyForm);
            state.Content.GrowthBytes = TextGrowth.Of(body);
            refusal = ReadObject(ref reader, api.BodyForm.Members, ref state) ?? ReadFiles(form, ref state);
            if (refusal is null)
            {
                state.End = (int)reader.TokenStartIndex;
                // Whatever stands after the object makes it no JSON at all.
                reader.Read();
                refusal = state.Finish(options.MaxChoices, options.DefaultMaxToolCalls, pathModel, out members);
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

    private Refusal? ReadObject(ref Utf8JsonReader reader, MemberTable<BodyMember> members, ref State state)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return Refusals.NotAnObject();
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            state.HasMembers = true;
            if (ReadMember(ref reader, members, ref state) is { } refusal)
            {
                return refusal;
            }
        }
        return null;
    }

    // A file is no text for the model, whatever else it is.
    private static Refusal? ReadFiles(in FormBytes form, ref State state)
    {
        foreach (var part in form.Parts)
        {
            if (part.IsFile)
            {
                var bytes = form.Body.Slice(part.Content.Offset, part.Content.Length);
                state.Content.InlineMediaBytes += bytes.Length;
                if (state.Form.ReadFile(part.Name, bytes, ref state.Content) is { } refusal)
                {
                    return refusal;
                }
            }
        }
        return null;
    }

    private Refusal? ReadMember(ref Utf8JsonReader reader, MemberTable<BodyMember> members, ref State state)
    {
        var member = members.Find(reader, out var name);
        if (
            (member is BodyMember.Unknown or BodyMember.Metadata or BodyMember.Harmless or >= BodyMember.StoredContent)
            && _steering.Match(reader) is { } steering
        )
        {
            return Refusals.SteeringMember(steering);
        }
        switch (member)
        {
            case BodyMember.Unknown:
                return ReadUnknown(ref reader, ref state);
            case BodyMember.Metadata:
                return _nested.ReadMetadata(ref reader, "metadata", ref state.Labels);
            case BodyMember.Harmless:
                reader.Read();
                state.Labels.Take(name, reader);
                reader.Skip();
                return null;
            case BodyMember.ExtraBody:
                var ahead = reader;
                return _nested.ReadExtraBody(ref ahead, members, NestedMembers.ExtraBodyName)
                    ?? ReadValue(ref reader, member, name!, ref state);
            default:
                return state.Take(member, name!) ?? ReadValue(ref reader, member, name!, ref state);
        }
    }

    private Refusal? ReadValue(ref Utf8JsonReader reader, BodyMember member, string name, ref State state)
    {
        switch (member)
        {
            case BodyMember.Model:
                return ReadModel(ref reader, ref state);
            case BodyMember.Stream:
                return ReadStream(ref reader, ref state);
            case BodyMember.StreamOptions:
                return ReadStreamOptions(ref reader, ref state);
            case BodyMember.MaxTokens:
                return ReadCount(ref reader, name, 0, long.MaxValue, out state.MaxTokens, out state.MaxTokensRange);
            case BodyMember.MaxCompletionTokens:
                return ReadCount(ref reader, name, 0, long.MaxValue, out state.MaxCompletionTokens, out state.MaxCompletionTokensRange);
            case BodyMember.N:
                return ReadCount(ref reader, name, 1, options.MaxChoices, out state.N, out _);
            case BodyMember.BestOf:
                return ReadCount(ref reader, name, 1, options.MaxChoices, out state.BestOf, out _);
            case BodyMember.Content or BodyMember.Tools or BodyMember.Own:
                return state.Form.Read(ref reader, ref state.Content, member, name, _vouched);
            case BodyMember.MaxToolCalls:
                return ReadCount(ref reader, name, 0, long.MaxValue, out state.MaxToolCalls, out state.MaxToolCallsRange);
            default:
                BodyOptionReader.Read(ref reader, ref state.Content, member, name, _vouched);
                return null;
        }
    }

    private Refusal? ReadUnknown(ref Utf8JsonReader reader, ref State state)
    {
        var name = state.Content.UnknownMember is null && !_steering.IsAllowed(reader) ? reader.GetString() : null;
        reader.Read();
        if (name is not null)
        {
            CostlyMemberReader.Read(ref reader, ref state.Content, BodyMember.Costly, name, _vouched);
            return null;
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
        return reader.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null
            ? null
            : Refusals.InvalidMember("stream", "true or false");
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
            if (state.Take(BodyMember.IncludeUsage, "stream_options.include_usage") is { } twice)
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

    private static Refusal? ReadCount(
        ref Utf8JsonReader reader,
        string name,
        long minimum,
        long maximum,
        out long? count,
        out ByteRange range
    )
    {
        reader.Read();
        count = null;
        range = new ByteRange((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }
        if (
            reader.TokenType == JsonTokenType.Number
            && JsonInteger.TryRead(reader.ValueSpan, out var number)
            && number >= minimum
            && number <= maximum
        )
        {
            count = number;
            return null;
        }
        return Refusals.InvalidMember(
            name,
            maximum == long.MaxValue ? $"a whole number of at least {minimum}" : $"a whole number from {minimum} to {maximum}"
        );
    }

    private readonly ref struct FormBytes(ReadOnlySpan<byte> body, List<FormPart> parts)
    {
        public ReadOnlySpan<byte> Body { get; } = body;

        public IReadOnlyList<FormPart> Parts => _parts ?? [];

        private readonly List<FormPart>? _parts = parts;
    }

    private struct State(IBodyForm form)
    {
        public readonly IBodyForm Form = form;
        public ContentSummary Content = new();
        public BodyLabels Labels;
        public bool HasMembers;
        public int End;
        public string? Model;
        public ByteRange ModelRange;
        public bool Stream;
        public bool StreamOptionsIsObject;
        public ByteRange StreamOptionsRange;
        public bool IncludeUsage;
        public ByteRange IncludeUsageRange;
        public long? MaxTokens;
        public ByteRange MaxTokensRange;
        public long? MaxCompletionTokens;
        public ByteRange MaxCompletionTokensRange;
        public long? MaxToolCalls;
        public ByteRange MaxToolCallsRange;
        public long? N;
        public long? BestOf;
        private ulong _seen;

        public Refusal? Take(BodyMember member, string name)
        {
            var bit = 1UL << (int)member;
            if ((_seen & bit) != 0 && member < BodyMember.StoredContent)
            {
                return Refusals.DuplicateMember(name);
            }
            _seen |= bit;
            return null;
        }

        public Refusal? Finish(int maxChoices, long defaultToolCalls, string? pathModel, out RequestMembers members)
        {
            members = default;
            var model = pathModel ?? (string.IsNullOrEmpty(Model) ? Form.DefaultModel : Model);
            if (string.IsNullOrEmpty(model))
            {
                return Refusals.MissingModel();
            }
            if (MaxTokens is { } old && MaxCompletionTokens is { } current && old != current)
            {
                return Refusals.TwoMaxima();
            }
            if (!Form.TakesNewerMaximum && MaxCompletionTokens is not null)
            {
                // Not this API's own maximum: what the upstream makes of it is not known
                Content.NameUnknownMember("max_completion_tokens");
            }
            if (Content.HasSearchTool)
            {
                Content.AddLimitedSearches(MaxToolCalls ?? defaultToolCalls);
            }
            if (Form.Finish(ref Content, Math.Max(N ?? 1, BestOf ?? 1), Stream) is { } refusal)
            {
                return refusal;
            }
            members = new RequestMembers
            {
                Model = model,
                BodyModel = Model,
                ModelRange = Model is null ? new ByteRange(End, 0) : ModelRange,
                IsEmpty = !HasMembers,
                Stream = Stream,
                IncludeUsage = IncludeUsage,
                StreamOptionsRange = StreamOptionsRange,
                StreamOptionsIsObject = StreamOptionsIsObject,
                IncludeUsageRange = IncludeUsageRange,
                MaxOutputTokens = (Form.TakesNewerMaximum ? MaxCompletionTokens : null) ?? MaxTokens,
                HasToolCallLimit = MaxToolCalls is not null,
                MaxToolCallsRange = MaxToolCallsRange,
                MaxTokensRange = MaxTokensRange,
                MaxCompletionTokensRange = MaxCompletionTokensRange,
                Choices = (int)Math.Min(maxChoices, Math.Max(N ?? 1, BestOf ?? 1)),
                Content = Content,
                Labels = Labels,
            };
            return null;
        }
    }
}
