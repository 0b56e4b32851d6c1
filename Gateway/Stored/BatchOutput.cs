using System.Text.Json;
using Gateway.Apis;
using Gateway.Core.Buffers;
using Gateway.Core.Ledger;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Gateway.Ledger;

namespace Gateway.Stored;

/// <summary>
/// Reads the output file of a batch as it comes, one line at a time: what each answered call used. One whose answer does not tell is
/// charged with the largest bound of a call of the batch.
/// </summary>
internal sealed class BatchOutput(BatchCall call, long mostLineBytes)
{
    private const int PieceBytes = 64 * 1024;

    private readonly BatchCall _call = call;
    private readonly UsageShape _shape = ApiTable.All.First(a => "/v1" + a.Path == call.Endpoint).Answers.Usage;
    private readonly string _requestId = RecordText.Of(call.BatchId)!;

    /// <summary>Reads it.</summary>
    /// <param name="content">The file.</param>
    /// <param name="used">Where what each call used is added.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when a line cannot be read.</returns>
    public async Task<bool> ReadAsync(Stream content, List<SpendLogCall> used, CancellationToken cancellationToken)
    {
        using var rest = new PooledBuffer(PieceBytes);
        while (true)
        {
            var read = await content.ReadAsync(rest.GetMemory(PieceBytes), cancellationToken);
            rest.Advance(read);
            if (!TakeLines(rest, isEnd: read == 0, used) || rest.Length > mostLineBytes)
            {
                return false;
            }
            if (read == 0)
            {
                return true;
            }
        }
    }

    private bool TakeLines(PooledBuffer rest, bool isEnd, List<SpendLogCall> used)
    {
        var bytes = rest.Written.Span;
        var taken = 0;
        while (bytes[taken..] is { IsEmpty: false } left && (isEnd || left.Contains((byte)'\n')))
        {
            var end = left.IndexOf((byte)'\n');
            var line = end < 0 ? left : left[..end];
            taken += end < 0 ? left.Length : end + 1;
            if (!TakeLine(line.Trim(" \t\r"u8), used))
            {
                return false;
            }
        }
        var kept = bytes[taken..].ToArray();
        rest.Clear();
        rest.Append(kept);
        return true;
    }

    private bool TakeLine(ReadOnlySpan<byte> line, List<SpendLogCall> used)
    {
        if (line.IsEmpty)
        {
            return true;
        }
        try
        {
            if (BodyOf(line) is { IsEmpty: false } body)
            {
                used.Add(UsedBy(body));
            }
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    // The answer of a call that succeeded; nothing when it did not.
    private static ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        var (status, body) = (0, default(Range));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isResponse = reader.ValueTextEquals("response"u8);
            reader.Read();
            if (!isResponse || reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isStatus, isBody) = (reader.ValueTextEquals("status_code"u8), reader.ValueTextEquals("body"u8));
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                status = isStatus && reader.TokenType == JsonTokenType.Number ? reader.GetInt32() : status;
                reader.Skip();
                body = isBody ? start..(int)reader.BytesConsumed : body;
            }
        }
        return status is >= 200 and < 300 ? line[body] : default;
    }

    private SpendLogCall UsedBy(ReadOnlySpan<byte> body)
    {
        using var meter = new PlainMeter(_shape);
        meter.Feed(body);
        var answer = meter.Close(0);
        return answer is { UsageSource: UsageSource.Reported, IsUsageImpossible: false, Usage: { } usage }
            ? new SpendLogCall(
                [_call.Id],
                _requestId,
                answer.AnswerModel ?? "",
                Money.Zero,
                new ReportedUsage(usage, ServiceTier.Batch, null, HasDetails: true),
                _call.CreatedAt
            )
            : new SpendLogCall(
                [_call.Id],
                _requestId,
                answer.AnswerModel ?? "",
                Money.FromNanoUsd(_call.LargestNanoUsd),
                null,
                _call.CreatedAt
            );
    }
}
