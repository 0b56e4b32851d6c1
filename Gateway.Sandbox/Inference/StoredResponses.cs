using System.Collections.Concurrent;
using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>The responses that were given out, as long as there is room, and their routes.</summary>
internal sealed class StoredResponses(SandboxKeys keys)
{
    private const int MostKept = 1_000;

    private readonly ConcurrentDictionary<string, byte[]> _kept = new(StringComparer.Ordinal);

    // Those that are made in the background, as long as nobody has looked: the first look finds them at work.
    private readonly ConcurrentDictionary<string, (byte[] AtWork, byte[] Cancelled)> _atWork = new(StringComparer.Ordinal);

    /// <summary>Keeps a response that was answered whole.</summary>
    public void Keep(InferenceCall call)
    {
        if (call.Api != InferenceApi.Responses || _kept.Count >= MostKept)
        {
            return;
        }
        using var json = new Utf8Builder();
        ResponseForm.Append(json, call, call.IsCut ? "incomplete" : "completed", call.WholeUsage(), isWhole: true);
        _kept[call.RequestId] = json.ToArray();
        if (call.Request.Background)
        {
            _atWork[call.RequestId] = (OfStatus(call, "in_progress"), OfStatus(call, "cancelled"));
            if (call.Scenario.Report == ToldUsage.None)
            {
                _kept[call.RequestId] = OfStatus(call, "failed");
            }
        }
    }

    private static byte[] OfStatus(InferenceCall call, string status)
    {
        using var json = new Utf8Builder();
        ResponseForm.Append(json, call, status, null, isWhole: false);
        return json.ToArray();
    }

    public void Map(IEndpointRouteBuilder routes, string prefix)
    {
        var path = prefix + "/responses/{id}";
        routes.MapGet(path, http => AnswerAsync(http, (id, response) => _atWork.TryRemove(id, out var work) ? work.AtWork : response));
        routes.MapPost(
            path + "/cancel",
            http => AnswerAsync(http, (id, response) => _atWork.TryRemove(id, out var work) ? _kept[id] = work.Cancelled : response)
        );
        routes.MapGet(
            path + "/input_items",
            http => AnswerAsync(http, (_, _) => "{\"object\":\"list\",\"data\":[],\"has_more\":false}"u8.ToArray())
        );
        routes.MapDelete(
            path,
            http =>
                AnswerAsync(
                    http,
                    (id, _) =>
                    {
                        _kept.TryRemove(id, out byte[]? _);
                        using var json = new Utf8Builder();
                        return json.Raw("{\"id\":"u8).String(id).Raw(",\"object\":\"response\",\"deleted\":true}"u8).ToArray();
                    }
                )
        );
    }

    private Task AnswerAsync(HttpContext http, Func<string, byte[], byte[]> answer)
    {
        if (!keys.TryAuthenticate(http, out _, out var refusal))
        {
            return refusal.WriteAsync(http);
        }
        var id = (string)http.Request.RouteValues["id"]!;
        return _kept.TryGetValue(id, out var response)
            ? Answer.WriteAsync(http, 200, answer(id, response))
            : new LiteLlmError(
                400,
                "You passed in model=None. There are no healthy deployments for this model",
                "invalid_request_error",
                null
            ).WriteAsync(http);
    }
}
