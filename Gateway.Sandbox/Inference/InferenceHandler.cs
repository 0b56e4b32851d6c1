using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Gateway.Sandbox.Ledger;
using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>The inference routes: authenticate, read, find the deployment, then fail or answer as its scenario says.</summary>
internal sealed class InferenceHandler(
    SandboxOptions options,
    TimeProvider time,
    SandboxCatalogue catalogue,
    SandboxLedger ledger,
    SandboxKeys keys,
    CancellationToken stopping
)
{
    private readonly AnswerContext _context = new(
        options,
        time,
        ledger,
        new LiteLlmErrors(options.Behaviour),
        new LiteLlmHeaders(options.Behaviour, time),
        new StoredResponses(keys),
        stopping
    );

    /// <summary>The responses that were given out.</summary>
    public StoredResponses Responses => _context.Responses;

    public async Task HandleAsync(HttpContext http, InferenceApi api, string path)
    {
        var startedAt = time.GetTimestamp();
        if (!keys.TryAuthenticate(http, out var key, out var refusal))
        {
            await refusal.WriteAsync(http);
            return;
        }
        var (request, entry, error) = await ReadAsync(http, api, path, key);
        ledger.Open(entry);
        try
        {
            if (error is { } unreadable)
            {
                _context.CloseUnused(entry, SandboxOutcome.Faulted, unreadable.Status);
                await unreadable.WriteAsync(http);
                return;
            }
            await AnswerAsync(http, api, request!, entry, startedAt);
        }
        finally
        {
            // Whatever was not foreseen is still booked; a call that was closed stays as it was.
            _context.CloseUnused(entry, SandboxOutcome.Faulted, http.Response.StatusCode);
        }
    }

    private async Task<(InferenceRequest? Request, SandboxLedgerEntry Entry, LiteLlmError? Error)> ReadAsync(
        HttpContext http,
        InferenceApi api,
        string path,
        string key
    )
    {
        var read = await ReadBodyAsync(http);
        try
        {
            var body = read.IsSingleSegment ? read.FirstSpan : read.ToArray();
            LiteLlmError? error = null;
            InferenceRequest? request = null;
            try
            {
                request = http.Request.HasFormContentType
                    ? InferenceFormReader.Read(body, http.Request.ContentType!)
                    : InferenceRequestReader.Read(body, api);
            }
            catch (JsonException invalid)
            {
                error = _context.Errors.InvalidJson(invalid, body);
            }
            catch (InvalidDataException)
            {
                error = _context.Errors.NotAnObject();
            }
            return (request, NewEntry(http, path, key, request, body), error);
        }
        finally
        {
            http.Request.BodyReader.AdvanceTo(read.End);
        }
    }

    private static async Task<ReadOnlySequence<byte>> ReadBodyAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted);
            if (result.IsCompleted)
            {
                return result.Buffer;
            }
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private SandboxLedgerEntry NewEntry(HttpContext http, string path, string key, InferenceRequest? request, ReadOnlySpan<byte> body) =>
        new()
        {
            CallId = http.Request.Headers["x-litellm-call-id"].ToString() is { Length: > 0 } id ? id : Guid.CreateVersion7().ToString(),
            Key = key,
            Model = request?.Model ?? "",
            Path = path,
            Stream = request?.Stream ?? false,
            StartedAt = time.GetUtcNow(),
            Received = options.KeepBodies ? ReceivedReader.Read(http.Request, body, options.BodyBytes) : null,
        };

    private async Task AnswerAsync(HttpContext http, InferenceApi api, InferenceRequest request, SandboxLedgerEntry entry, long startedAt)
    {
        var deployment = request.Model is null ? null : catalogue.Find(request.Model);
        if (Reject(request, api, deployment is not null) is { } rejection)
        {
            _context.Headers.AddError(http.Response.Headers, entry.CallId, api, _context.IsLegacy ? null : deployment, fromProvider: false);
            _context.CloseUnused(entry, SandboxOutcome.Faulted, rejection.Status);
            await rejection.For(api).WriteAsync(http);
            return;
        }
        var call = new InferenceCall(http, api, request, deployment!, entry, startedAt);
        if (!await WaitForFirstByteAsync(call) || await new ScriptedFailure(call, _context).TryAnswerAsync())
        {
            return;
        }
        if (call is { Api: InferenceApi.Speech, IsStreamed: false })
        {
            await SoundAnswer.WriteAsync(call, _context);
        }
        else if (call.IsStreamed)
        {
            using var stream = new StreamedAnswer(call, _context);
            await stream.RunAsync();
        }
        else
        {
            await PlainAnswer.WriteAsync(call, _context);
        }
    }

    // 1.81 looks for the model first, 1.109 for the members.
    private LiteLlmError? Reject(InferenceRequest request, InferenceApi api, bool modelIsKnown)
    {
        var errors = _context.Errors;
        if (request.ModelIsNoText)
        {
            return errors.ModelIsNoText();
        }
        if (!request.HasInput && (!_context.IsLegacy || modelIsKnown))
        {
            return errors.MissingInput(api);
        }
        if (!modelIsKnown)
        {
            return errors.UnknownModel(api, request.Model);
        }
        return request.MessagesAreAList ? null : errors.MessagesAreNoList(request.Model!);
    }

    // Waits as scripted, but no longer than the caller's x-litellm-timeout. False when the call is over.
    private async Task<bool> WaitForFirstByteAsync(InferenceCall call)
    {
        var hangs = call.Scenario.Fault == Fault.Hang || (call.Scenario.Fault == Fault.Stall && !call.IsStreamed);
        var delay = hangs ? Timeout.InfiniteTimeSpan : call.Scenario.FirstByteDelay;
        if (delay == TimeSpan.Zero)
        {
            return true;
        }
        var header = call.Http.Request.Headers["x-litellm-timeout"].ToString();
        if (
            double.TryParse(header, CultureInfo.InvariantCulture, out var seconds)
            && seconds > 0
            && (hangs || TimeSpan.FromSeconds(seconds) < delay)
        )
        {
            await TimeOutAsync(call, seconds);
            return false;
        }

        // A plain call runs to its end at the provider whether the caller waits or not; a stream is cancelled, and nothing was used yet.
        var caller = call.IsStreamed || hangs ? call.Http.RequestAborted : CancellationToken.None;
        if (await _context.WaitAsync(delay, caller))
        {
            return true;
        }
        _context.CloseUnused(call.Entry, stopping.IsCancellationRequested ? SandboxOutcome.Faulted : SandboxOutcome.ClientLeft, 0);
        call.Http.Abort();
        return false;
    }

    private async Task TimeOutAsync(InferenceCall call, double seconds)
    {
        await _context.WaitAsync(TimeSpan.FromSeconds(seconds), call.Http.RequestAborted);
        var error = _context.Errors.TimedOut(seconds, call.Deployment.Model.Name);
        _context.Headers.AddError(call.Http.Response.Headers, call.CallId, call.Api, call.Deployment, fromProvider: true);
        call.Http.Response.Headers["x-litellm-timeout"] = JsonText.PythonFloat(seconds);
        _context.CloseUnused(call.Entry, SandboxOutcome.Faulted, error.Status);
        await error.For(call.Api).WriteAsync(call.Http);
    }
}
