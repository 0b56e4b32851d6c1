using Gateway.Calls;
using Gateway.Core.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Bodies;

/// <summary>Reads the body of a call into memory, within the bounds of its size, its time and the room that there is.</summary>
internal sealed class BodyReader(BodyRoom room, BodyOptions options, TimeProvider time)
{
    /// <summary>Reads it whole.</summary>
    /// <param name="request">The request.</param>
    /// <param name="caller">Whose room it takes: the id of the key, or of a user without one.</param>
    /// <returns>The body, to be disposed of; or why it is refused.</returns>
    public async ValueTask<(BodyBuffer? Body, Refusal? Refusal)> ReadAsync(HttpRequest request, string caller)
    {
        var buffer = BodyBuffer.TryOpen(room, caller, options.MaxBodyBytes, request.ContentLength);
        if (buffer is null)
        {
            return (null, Refusals.NoRoomForBody);
        }
        Refusal? refusal;
        try
        {
            refusal = await FillAsync(buffer, request);
        }
        catch (Exception fault)
            when (fault is BadHttpRequestException or IOException or OperationCanceledException or ConnectionAbortedException)
        {
            var isSlow = (fault as BadHttpRequestException)?.StatusCode == StatusCodes.Status408RequestTimeout;
            refusal = isSlow ? Refusals.SlowBody : Refusals.InvalidJson(1, buffer.Length + 1);
        }
        if (refusal is null)
        {
            return (buffer, null);
        }
        buffer.Dispose();
        return (null, refusal);
    }

    // The server's own watch takes the average since the body began; from here on ours is the stricter one, and answers in shape.
    private BodyWatch Watch(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } server)
        {
            server.MinDataRate = null;
        }
        return new BodyWatch(request.BodyReader, options, time);
    }

    private async ValueTask<Refusal?> FillAsync(BodyBuffer buffer, HttpRequest request)
    {
        var reader = request.BodyReader;
        BodyWatch? watch = null; // most bodies are there already
        try
        {
            while (true)
            {
                var pending = reader.ReadAsync(request.HttpContext.RequestAborted);
                watch ??= pending.IsCompleted ? null : Watch(request);
                var result = await pending;
                if (watch?.IsTooSlow == true && !result.IsCompleted)
                {
                    reader.AdvanceTo(result.Buffer.End);
                    return Refusals.SlowBody;
                }
                var isTooLarge = buffer.Length + result.Buffer.Length > options.MaxBodyBytes;
                var hasRoom = !isTooLarge && buffer.TryAppend(result.Buffer);
                reader.AdvanceTo(result.Buffer.End);
                if (!hasRoom)
                {
                    return isTooLarge ? Refusals.BodyTooLarge(options.MaxBodyBytes) : Refusals.NoRoomForBody;
                }
                if (result.IsCompleted)
                {
                    return null;
                }
                watch?.Note(buffer.Length);
            }
        }
        finally
        {
            watch?.Dispose();
        }
    }
}
