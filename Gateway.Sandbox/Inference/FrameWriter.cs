using System.IO.Pipelines;
using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>
/// Puts events on the wire: one flush, so one HTTP chunk, each; or, where the scenario says so, cut at every so many bytes.
/// </summary>
internal sealed class FrameWriter(HttpContext http, Scenario scenario) : IDisposable
{
    private const int WritesBeforeYield = 64;

    private readonly PipeWriter _body = http.Response.BodyWriter;
    private readonly Utf8Builder? _uncut = scenario.SplitBytes > 0 ? new Utf8Builder() : null;
    private int _writes;

    /// <summary>The event being made; empty after each send.</summary>
    public Utf8Builder Frame { get; } = new(512);

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

    // Writes into a closed connection neither wait nor fail, and the server tells of the abort through the thread pool. A stream that never
    // lets go of its thread would run to its end before that, and be counted as complete.
    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _body.WriteAsync(bytes, CancellationToken.None);
        if (++_writes % WritesBeforeYield == 0)
        {
            await Task.Yield();
        }
    }

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
