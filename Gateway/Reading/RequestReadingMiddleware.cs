using System.Buffers;
using System.Diagnostics;
using Gateway.Core.Configuration;
using Gateway.Errors;
using Gateway.Inference;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Reading;

/// <summary>Reads the body into one pooled buffer, which lives until the call is over.</summary>
internal sealed class RequestReadingMiddleware(RequestDelegate next, RequestReader reader, HubOptions options)
{
    private const int FirstBufferBytes = 1024 * 1024;

    public async Task InvokeAsync(HttpContext http)
    {
        var inference = http.GetInference();
        if (CheckHead(http.Request, options) is { } refusal)
        {
            await http.RefuseAsync(refusal);
            return;
        }
        var start = Stopwatch.GetTimestamp();
        var (buffer, length, tooLarge) = await ReadAsync(http.Request);
        inference.BodyWait = Stopwatch.GetElapsedTime(start);
        if (tooLarge is not null)
        {
            await http.RefuseAsync(tooLarge);
            return;
        }
        if (!reader.TryRead(buffer.AsSpan(0, length), inference.Api, out var members, out refusal))
        {
            ArrayPool<byte>.Shared.Return(buffer!);
            await http.RefuseAsync(refusal);
            return;
        }
        using (inference.Body = new RequestBody(buffer!, length, members))
        {
            await next(http);
        }
    }

    private static Refusal? CheckHead(HttpRequest request, HubOptions options)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return Refusals.MethodNotAllowed(request.Method, "POST");
        }
        if (!request.HasJsonContentType())
        {
            return Refusals.MediaType(request.ContentType);
        }
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return Refusals.ContentEncoding(encoding);
        }
        return request.ContentLength > options.MaxBodyBytes ? Refusals.BodyTooLarge(options.MaxBodyBytes) : null;
    }

    private async Task<(byte[]? Buffer, int Length, Refusal? Refusal)> ReadAsync(HttpRequest request)
    {
        // A length that is only promised may not cost memory: above this the buffer grows with what has come.
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength is { } promised and > 0 ? promised : 4_096, FirstBufferBytes));
        var length = 0;
        try
        {
            while (true)
            {
                var result = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
                if (length + result.Buffer.Length > options.MaxBodyBytes)
                {
                    request.BodyReader.AdvanceTo(result.Buffer.End);
                    ArrayPool<byte>.Shared.Return(buffer);
                    return (null, 0, Refusals.BodyTooLarge(options.MaxBodyBytes));
                }
                buffer = Grow(buffer, length, length + (int)result.Buffer.Length);
                result.Buffer.CopyTo(buffer.AsSpan(length));
                length += (int)result.Buffer.Length;
                request.BodyReader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return (buffer, length, null);
                }
            }
        }
        catch (Exception fault) when (fault is BadHttpRequestException or IOException or OperationCanceledException or ConnectionAbortedException)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            var status = (fault as BadHttpRequestException)?.StatusCode;
            return (null, 0, status == StatusCodes.Status408RequestTimeout ? Refusals.SlowBody : Refusals.InvalidJson(1, length + 1));
        }
    }

    private static byte[] Grow(byte[] buffer, int used, int needed)
    {
        if (needed <= buffer.Length)
        {
            return buffer;
        }
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, buffer.Length * 2));
        buffer.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
