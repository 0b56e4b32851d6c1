using System.Net;
using System.Runtime.CompilerServices;
using Gateway.Core.Configuration;
using Gateway.Core.Upstreams;
using Gateway.Hosting;

namespace Gateway.Diagnosis;

/// <summary>Does each upstream answer, and does it take the gateway's key?</summary>
internal static class UpstreamCheck
{
    private const string Part = "upstream";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Looks.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="environment">Development has the sandbox.</param>
    /// <param name="hasStored">Whether admins made some, which the gateway asks by itself.</param>
    /// <param name="ahead">Takes how far each upstream's clock is ahead of this machine's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        UpstreamOptions options,
        IHostEnvironment environment,
        bool hasStored,
        List<TimeSpan> ahead,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (HubProcess.RunsSandbox(options, environment))
        {
            yield return Finding.Ok(Part, "is the built-in sandbox, which invents its answers; LITELLM_BASE_URL names a real one");
            yield break;
        }
        var upstreams = EnvironmentUpstreams.Of(options).All;
        if (upstreams.Count == 0)
        {
            yield return hasStored
                ? Finding.Ok(
                    Part,
                    "is not set in the environment; calls go to those that admins made (POST /api/v1/admin/upstreams/{id}/test)"
                )
                : Finding.Fault(
                    Part,
                    "is not set, and calls cannot be answered. Set LITELLM_BASE_URL or the key of a provider such as OPENAI_API_KEY, or "
                        + "SANDBOX=true for a trial."
                );
            yield break;
        }
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        UpstreamTrust.Configure(handler, options);
        using var client = new HttpClient(handler) { Timeout = Patience };
        foreach (var given in upstreams)
        {
            var upstream = new PolicyUpstream(given.Name, given.Kind, given.Addresses, given.ApiKey)
            {
                Folder = given.Folder,
                FindsKind = given.FindsKind,
            };
            foreach (var root in upstream.Roots)
            {
                yield return await LookAsync(client, upstream, root, ahead, cancellationToken);
            }
        }
    }

    private static async Task<Finding> LookAsync(
        HttpClient client,
        PolicyUpstream upstream,
        Uri root,
        List<TimeSpan> ahead,
        CancellationToken cancellationToken
    )
    {
        var shown = upstream.Kind == UpstreamKind.LiteLlm ? new Uri(root, "../").ToString() : root.ToString();
        var name = upstream.Name.ToUpperInvariant();
        var variable = upstream.FindsKind ? EnvironmentUpstreams.VariableOf(upstream.Name) : $"{name}_BASE_URL";
        using var request = upstream.NewRequest(HttpMethod.Get, root, "models");
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.Headers.Date is { } date)
            {
                ahead.Add(date - TimeProvider.System.GetUtcNow());
            }
            return answer.StatusCode switch
            {
                HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => // 400: LiteLLM without a database
                Finding.Fault(
                    Part,
                    $"{shown} answers and refuses the gateway's key ({(int)answer.StatusCode}). Set "
                        + $"{name}_API_KEY to a key that it knows."
                ),
                >= HttpStatusCode.InternalServerError => Finding.Fault(
                    Part,
                    $"{shown} answers {(int)answer.StatusCode}. Look at its own log."
                ),
                HttpStatusCode.OK => Finding.Ok(Part, $"{shown} answers and takes the gateway's key"),
                _ when upstream.FindsKind => Finding.Ok(Part, $"{shown} answers"), // it has no key, and no list of models either
                _ => Finding.Warning(
                    Part,
                    $"{shown} answers {(int)answer.StatusCode} to GET {request.RequestUri!.AbsolutePath}. Check that {variable} "
                        + "is an OpenAI-compatible server's."
                ),
            };
        }
        catch (Exception fault)
            when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var reason =
                fault is OperationCanceledException
                    ? $"it did not answer within {Patience.TotalSeconds} s"
                    : (fault.InnerException ?? fault).Message.TrimEnd('.');
            return Finding.Fault(
                Part,
                $"{shown} cannot be reached: {reason}. Start it, or check "
                    + $"{variable}{(root.Scheme == "https" ? " and UPSTREAM_CA_FILE" : "")}."
            );
        }
    }
}
