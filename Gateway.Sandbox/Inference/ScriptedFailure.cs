using System.Globalization;
using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>The scenarios in which no answer is begun. Nothing is used by them.</summary>
internal sealed class ScriptedFailure(InferenceCall call, AnswerContext context)
{
    private HttpResponse Response => call.Http.Response;

    private string ModelName => call.Deployment.Model.Name;

    /// <summary>Answers, or drops the connection, if the scenario says so.</summary>
    public async Task<bool> TryAnswerAsync()
    {
        switch (call.Scenario.Fault)
        {
            case Fault.Status:
                await FailAsync(context.Errors.Provider(call.Scenario, call.Api, ModelName), fromProvider: true);
                return true;
            case Fault.LiteLlmRateLimit:
                await ComeAgainAsync();
                return true;
            case Fault.BudgetExceeded:
                await FailBareAsync(context.Errors.BudgetExceeded());
                return true;
            case Fault.ErrorEventFirst:
                await FailAsync(context.Errors.FirstEvent(ModelName), fromProvider: false);
                return true;
            case Fault.ErrorEvent when !call.IsStreamed:
                await FailAsync(context.Errors.Provider(call.Scenario, call.Api, ModelName), fromProvider: true);
                return true;
            case Fault.ProviderDrop when !call.IsStreamed:
                await FailAsync(context.Errors.ConnectionClosed(ModelName), fromProvider: false);
                return true;
            case Fault.HtmlError:
                await WriteAsync(
                    502,
                    "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
                    "text/html"
                );
                return true;
            case Fault.EmptyError:
                await WriteAsync(500, "", "text/plain; charset=utf-8");
                return true;
            case Fault.Redirect:
                Response.Headers.Location = "/sandbox/elsewhere";
                await WriteAsync(307, "", Answer.Json);
                return true;
            case Fault.NullBody:
                await WriteAsync(200, "null", Answer.Json);
                return true;
            case Fault.WrongContentType:
                await WriteAsync(200, "<html><body>Please sign in.</body></html>", "text/html; charset=utf-8");
                return true;
            case Fault.DropBeforeHeaders:
                context.CloseUnused(call.Entry, SandboxOutcome.Faulted, 0);
                call.Http.Abort();
                return true;
            default:
                return false;
        }
    }

    private async Task FailAsync(LiteLlmError error, bool fromProvider)
    {
        context.Headers.AddError(Response.Headers, call.CallId, call.Api, call.Deployment, fromProvider, call.Scenario);
        await FailBareAsync(error);
    }

    private async Task FailBareAsync(LiteLlmError error)
    {
        context.CloseUnused(call.Entry, SandboxOutcome.Faulted, error.Status);
        await error.For(call.Api).WriteAsync(call.Http);
    }

    // LiteLLM's own refusals have a real retry-after. A full worker says so before it knows the call.
    private async Task ComeAgainAsync()
    {
        var reset = context.Time.GetUtcNow().AddSeconds(call.Scenario.RetryAfterSeconds);
        Response.Headers.RetryAfter = call.Scenario.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        var error = context.Errors.ComeAgain(call.Scenario.Status, call.Entry.Key, reset);
        if (call.Scenario.Status == 429)
        {
            Response.Headers["rate_limit_type"] = "requests";
            Response.Headers["reset_at"] = LiteLlmErrors.ResetText(reset);
            await FailAsync(error, fromProvider: false);
            return;
        }
        await FailBareAsync(error);
    }

    private async Task WriteAsync(int status, string body, string contentType)
    {
        context.CloseUnused(call.Entry, SandboxOutcome.Faulted, status);
        await Answer.WriteAsync(call.Http, status, body, contentType);
    }
}
