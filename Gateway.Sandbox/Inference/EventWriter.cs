using System.IO.Pipelines;
using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>Puts events on the wire: one flush, so one HTTP chunk, each; or, where the scenario says so, cut at every so many bytes.</summary>
internal sealed class EventWriter(HttpContext http, Scenario scenario) : IDisposable
{
    private readonly PipeWriter _body = http.Response.BodyWriter;
    private readonly Utf8Builder? _uncut = scenario.SplitBytes > 0 ? new Utf8Builder() : null;

    /// <summary>The event being made; empty after each send.</summary>
    public Utf8Builder Frame { get; } = new(512);

    /// <summary>
    /// Whether a write found nobody at the other end. The server tells of an abort through the thread pool, and writes into a closed connection cost nothing:
    /// a busy pool would let a stream run to its end before <see cref="HttpContext.RequestAborted"/> says so.
    /// </summary>
    public bool IsClosed { get; private set; }

    public async ValueTask SendAsync()
    {
        if (scenario.CarriageReturns)
        {
            UseCarriageReturns();
        }
        if (_uncut is null)
        {
            await WriteAsync(Frame.Memory);
        }
        else
        {
            _uncut.Raw(Frame.Memory.Span);
            await SendCutAsync(keepRest: true);
        }
        Frame.Clear();
    }

    /// <summary>Sends the first half of the event, which ends inside its JSON.</summary>
    public async ValueTask SendHalfAsync()
    {
        await WriteAsync(Frame.Memory[..(Frame.Length / 2)]);
        Frame.Clear();
    }

    /// <summary>Sends what is left over from cutting.</summary>
    public async ValueTask EndAsync()
    {
        if (_uncut is not null)
        {
            await SendCutAsync(keepRest: false);
        }
    }

    public void Dispose()
    {
        Frame.Dispose();
        _uncut?.Dispose();
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => IsClosed |= (await _body.WriteAsync(bytes, CancellationToken.None)).IsCompleted;

    private async ValueTask SendCutAsync(bool keepRest)
    {
        var rest = _uncut!.ToArray().AsMemory();
        _uncut.Clear();
        while (rest.Length > (keepRest ? scenario.SplitBytes - 1 : 0))
        {
            var size = Math.Min(scenario.SplitBytes, rest.Length);
            await WriteAsync(rest[..size]);
            rest = rest[size..];
        }
        _uncut.Raw(rest.Span);
    }

    private void UseCarriageReturns()
    {
        var lines = Frame.Memory[..(Frame.Length - 2)].ToArray();
        Frame.Clear();
        Frame.Raw(lines).Raw("\r\n\r\n"u8);
    }
}
