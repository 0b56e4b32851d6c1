using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Gateway.Core.Configuration;
using Gateway.Hosting;
using Gateway.Upstream;

namespace Gateway.Diagnosis;

/// <summary>Does each upstream answer, and does it take the gateway's key?</summary>
internal static class UpstreamCheck
{
    private const string Part = "upstream";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Looks.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="environment">Development has the sandbox.</param>
    /// <param name="ahead">Takes how far each upstream's clock is ahead of this machine's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        UpstreamOptions options,
        IHostEnvironment environment,
        List<TimeSpan> ahead,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (HubProcess.RunsSandbox(options, environment))
        {
            yield return Finding.Ok(Part, "is the built-in sandbox, which invents its answers; LITELLM_BASE_URL names a real one");
            yield break;
        }
        if (options.LiteLlmBaseUrls.Count == 0)
        {
            yield return Finding.Fault(
                Part,
                "is not set, and calls cannot be answered. Set LITELLM_BASE_URL, or SANDBOX=true for a " + "trial."
            );
            yield break;
        }
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        UpstreamTrust.Configure(handler, options);
        using var client = new HttpClient(handler) { Timeout = Patience };
        foreach (var url in options.LiteLlmBaseUrls)
        {
            yield return await LookAsync(client, UpstreamRoutes.BaseOf(url), options.LiteLlmApiKey, ahead, cancellationToken);
        }
    }

    private static async Task<Finding> LookAsync(
        HttpClient client,
        Uri address,
        string? key,
        List<TimeSpan> ahead,
        CancellationToken cancellationToken
    )
    {
        var shown = address.ToString();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "v1/models"));
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
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
                        + "LITELLM_API_KEY to a key that it knows."
                ),
                >= HttpStatusCode.InternalServerError => Finding.Fault(
                    Part,
                    $"{shown} answers {(int)answer.StatusCode}. Look at its own log."
                ),
                HttpStatusCode.OK => Finding.Ok(Part, $"{shown} answers and takes the gateway's key"),
                _ => Finding.Warning(
                    Part,
                    $"{shown} answers {(int)answer.StatusCode} to GET /v1/models. Check that LITELLM_BASE_URL "
                        + "is an OpenAI-compatible server's, without /v1."
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
                    + $"LITELLM_BASE_URL{(address.Scheme == "https" ? " and UPSTREAM_CA_FILE" : "")}."
            );
        }
    }
}
