using System.Text.Json;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core;
using Gateway.Core.Buffers;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;
using Gateway.Ledger;
using Gateway.Limits.Bound;

namespace Gateway.Stored;

/// <summary>
/// Reads the calls of a file for a batch while it passes, one line at a time, each as its API's body is read, and adds up what all of them
/// can use and cost at batch prices. Nothing is put into them: they have to name the model as their upstream does, and where a call sets no
/// maximum, the model's own holds.
/// </summary>
internal sealed class BatchLines(RequestReader reader, PolicySnapshot policy, Caller caller, BodyOptions options) : IDisposable
{
    private const int FirstBytes = 4 * 1024;
    private const int BytesPerToken = 4;

    private static readonly CallApi[] Apis =
    [
        ApiTable.Chat,
        ApiTable.Completions,
        ApiTable.Embeddings,
        ApiTable.Responses,
        ApiTable.Moderations,
    ];

    private readonly PooledBuffer _line = new(FirstBytes);
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private long _number;
    private int _lines;
    private Money _bound;
    private Money _largest;
    private long _inputTokens;
    private long _outputTokens;
    private string? _unbounded;
    private CallApi? _api;
    private PolicyModel? _model;

    /// <summary>Where the model of its calls stands and batches are taken; null: no line was read.</summary>
    public PolicyUpstream? Upstream { get; private set; }

    /// <summary>Files that its calls name.</summary>
    public IReadOnlyCollection<string> Files => _files;

    /// <summary>Takes the next bytes.</summary>
    /// <returns>Why it is no file for a batch; null: it is one so far.</returns>
    public Refusal? Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var piece = end < 0 ? bytes : bytes[..end];
            if (_line.Length + piece.Length > options.MaxBatchLineBytes)
            {
                return InLine(Refusals.BodyTooLarge(options.MaxBatchLineBytes), _number + 1);
            }
            _line.Append(piece);
            if (end < 0)
            {
                return null;
            }
            bytes = bytes[(end + 1)..];
            if (ReadLine() is { } refusal)
            {
                return refusal;
            }
        }
        return null;
    }

    /// <summary>The file has ended.</summary>
    public Refusal? End() => ReadLine() ?? (_lines == 0 ? Refusals.EmptyBatch : null);

    /// <summary>What was read of it.</summary>
    public BatchFile ToRow(string id) =>
        new()
        {
            Id = id,
            Upstream = Upstream!.Name,
            ModelId = _model!.Id,
            Endpoint = "/v1" + _api!.Path,
            Lines = _lines,
            BoundNanoUsd = _bound.NanoUsd,
            LargestNanoUsd = _largest.NanoUsd,
            InputTokens = _inputTokens,
            OutputTokens = _outputTokens,
            Prices = PricesOf(_model),
            Refusal = _unbounded,
        };

    /// <summary>The prices that hold for a batch of the model, JSON.</summary>
    public static string PricesOf(PolicyModel model) => model.ChargedPrices.ToJson();

    public void Dispose() => _line.Dispose();

    private Refusal? ReadLine()
    {
        _number++;
        var line = _line.Written.Span.Trim(" \t\r"u8);
        var refusal = line.IsEmpty ? null : Read(line);
        _line.Clear();
        return refusal is null ? null : InLine(refusal, _number);
    }

    private static Refusal InLine(Refusal refusal, long number) => refusal with { Message = $"Line {number}: {refusal.Message}" };

    private Refusal? Read(ReadOnlySpan<byte> line)
    {
        if (_lines == options.MaxBatchLines)
        {
            return Refusals.BatchTooLong(options.MaxBatchLines);
        }
        if (ReadCall(line, out var url, out var range) is { } invalid)
        {
            return invalid;
        }
        var api = Array.Find(Apis, a => "/v1" + a.Path == url);
        if (api is null || (_api is not null && _api != api))
        {
            return Refusals.InvalidMember(
                "url",
                _api is null ? string.Join(", ", Apis.Select(a => "/v1" + a.Path)) : $"that of the first line, /v1{_api.Path}"
            );
        }
        _api = api;
        var body = line.Slice(range.Offset, range.Length);
        if (!reader.TryRead(body, api, out var members, out var refusal))
        {
            return refusal;
        }
        refusal = Resolve(members.Model) ?? Refuse(members);
        if (refusal is null)
        {
            Add(body, members);
        }
        return refusal;
    }

    // The one place of each member of the line that decides what is called.
    private static Refusal? ReadCall(ReadOnlySpan<byte> line, out string? url, out ByteRange body)
    {
        (url, body) = (null, default);
        var reader = new Utf8JsonReader(line);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return Refusals.NotAnObject();
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isUrl = reader.ValueTextEquals("url"u8);
                var isBody = reader.ValueTextEquals("body"u8);
                reader.Read();
                if ((isUrl && url is not null) || (isBody && body.Length > 0))
                {
                    return Refusals.DuplicateMember(isUrl ? "url" : "body");
                }
                var start = (int)reader.TokenStartIndex;
                if (isUrl)
                {
                    url = reader.TokenType == JsonTokenType.String ? reader.GetString() : "";
                }
                reader.Skip();
                if (isBody)
                {
                    body = new ByteRange(start, (int)reader.BytesConsumed - start);
                }
            }
            reader.Read();
            return body.Length > 0 ? null : Refusals.InvalidMember("body", "the body of the call");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return Refusals.InvalidJson(1, reader.BytesConsumed + 1);
        }
    }

    private Refusal? Resolve(string name)
    {
        var model = policy.FindModel(name);
        if (model is not null && _model is not null && model != _model)
        {
            return Refusals.InvalidMember("model", "that of the first line: a batch calls one model");
        }
        if (ModelResolution.Refuse(policy, caller, name, model) is { } refusal)
        {
            return refusal;
        }
        _model = model;
        var place = model!
            .Places.Where(p => p.Upstream.Kind.Serves("/batches") && (Upstream is null || p.Upstream == Upstream))
            .OrderBy(p => p.Upstream.Priority)
            .FirstOrDefault();
        if (place is null)
        {
            return Refusals.NoBatches(name);
        }
        Upstream = place.Upstream;
        return place.Name == name
            ? null
            : Refusals.InvalidMember("model", $"'{place.Name}', the provider's own name: lines go on as they are");
    }

    private Refusal? Refuse(in RequestMembers members)
    {
        ref readonly var content = ref members.ContentRef;
        return members.Stream ? Refusals.NotInBatch("stream")
            : content.PreviousResponse is not null ? Refusals.NotInBatch("previous_response_id")
            : content.Conversation is not null ? Refusals.NotInBatch("conversation")
            : content.IsBackground ? Refusals.NotInBatch("background")
            : null;
    }

    private void Add(ReadOnlySpan<byte> body, in RequestMembers members)
    {
        var content = members.Content;
        if (content.MayNameFiles && _files.Count <= KeptObjects.MostFiles) // one more is refused at the end
        {
            FileIds.Find(body, options.MaxJsonDepth, _files);
        }
        content.ServiceTiers = ServiceTierSet.Batch;
        var whole = members with { Content = content, MaxOutputTokens = members.MaxOutputTokens ?? Longest() };
        var bound = CallBound.Compute(_api!, whole, body.Length, _model!);
        var isUnlimited = content.HasSearchTool && !members.HasToolCallLimit;
        var refusal = bound.Refusal ?? (isUnlimited ? Refusals.InvalidMember("max_tool_calls", "a number: lines go on as they are") : null);
        _unbounded ??= refusal is null ? null : InLine(refusal, _number).Message;
        _lines++;
        _bound = Money.FromNanoUsd(Saturating.Add(_bound.NanoUsd, bound.Cost.NanoUsd));
        _largest = Money.Max(_largest, bound.Cost);
        _inputTokens = Saturating.Add(_inputTokens, (body.Length + BytesPerToken - 1) / BytesPerToken);
        _outputTokens = Saturating.Add(_outputTokens, bound.OutputTokens);
    }

    private long? Longest() => _api!.BodyForm.TakesMaximum && _model!.MaxOutputTokens is > 0 and var longest ? longest : null;
}
