using Gateway.Sandbox.Catalogue;
using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;
using Microsoft.Extensions.Primitives;

namespace Gateway.Sandbox.Inference;

/// <summary>The headers of an inference answer, by API, case and behaviour, as recorded.</summary>
internal sealed class LiteLlmHeaders(LiteLlmBehaviour behaviour, TimeProvider time)
{
    public const string ApiBase = "http://provider.sandbox.invalid/v1";

    private static readonly StringValues Zero = "0.0";
    private static readonly StringValues NoAttempts = "0";
    private static readonly StringValues EventStream = "text/event-stream; charset=utf-8";
    private static readonly StringValues NoCache = "no-cache";
    private static readonly StringValues Chunked = "chunked";
    private static readonly StringValues No = "no";
    private static readonly StringValues JsonType = Answer.Json;
    private static readonly StringValues ApiBaseValue = ApiBase;
    private static readonly StringValues RequestId = "req_sandbox_0001";
    private static readonly StringValues FailedRequestId = "req_sandbox_err";
    private static readonly StringValues ErrorTimeout = "6000.0";
    private static readonly StringValues CurrentVersion = "1.109.1";
    private static readonly StringValues LegacyVersion = "1.81.13";

    // The provider's limits pass unprefixed, and prefixed like everything it sends. Plain chats have no unprefixed resets.
    private static readonly (string Name, StringValues Value)[] Limits =
    [
        ("x-ratelimit-limit-requests", "10000"),
        ("x-ratelimit-remaining-requests", "9999"),
        ("x-ratelimit-limit-tokens", "200000"),
        ("x-ratelimit-remaining-tokens", "199900"),
    ];

    private static readonly (string Name, StringValues Value)[] Resets =
    [
        ("x-ratelimit-reset-requests", "8.64s"),
        ("x-ratelimit-reset-tokens", "6ms"),
    ];

    private static readonly (string Name, StringValues Value)[] ProviderHeaders =
    [
        ("llm_provider-x-request-id", RequestId),
        ("llm_provider-openai-organization", "org-sandbox"),
        ("llm_provider-openai-processing-ms", "42"),
        ("llm_provider-openai-version", "2020-10-01"),
        .. Limits.Concat(Resets).Select(header => ("llm_provider-" + header.Name, header.Value)),
        ("llm_provider-set-cookie", "sandbox=1; path=/"),
    ];

    private bool IsLegacy => behaviour == LiteLlmBehaviour.Legacy;

    /// <summary>A complete answer in one piece.</summary>
    public void AddPlain(IHeaderDictionary headers, InferenceCall call, in CostSplit cost)
    {
        AddDeployment(headers, call.CallId, call.Deployment);
        headers["x-litellm-model-api-base"] = ApiBaseValue;
        StringValues total = JsonText.PythonFloat(cost.Total);
        if (!IsLegacy || cost.Total > 0)
        {
            headers["x-litellm-response-cost"] = total;
        }
        AddCostSplit(headers, cost, total);
        headers["x-litellm-key-spend"] = total;
        AddDurations(headers, call, withOverhead: call.Api != InferenceApi.Completions);
        if (call.Api != InferenceApi.Completions)
        {
            headers["llm_provider-content-type"] = JsonType;
            headers["llm_provider-content-length"] = "603";
            AddProvider(headers, withResets: false);
        }
        AddGroup(headers, call.Deployment);
    }

    /// <summary>A stream: no cost, and every part of its split as zero.</summary>
    public void AddStreamed(IHeaderDictionary headers, InferenceCall call)
    {
        headers.ContentType = EventStream;
        if (!IsLegacy)
        {
            headers.CacheControl = NoCache;
            headers["x-accel-buffering"] = No;
        }
        if (call.Scenario.Comments)
        {
            return; // the answer began with a ping, before LiteLLM knew its headers
        }
        if (call.Api == InferenceApi.Completions)
        {
            AddCompletionStream(headers, call);
            return;
        }
        AddDeployment(headers, call.CallId, call.Deployment);
        headers["x-litellm-model-api-base"] = ApiBaseValue;
        AddCostSplit(headers, default, Zero);
        headers["x-litellm-key-spend"] = Zero;
        if (IsLegacy)
        {
            return;
        }
        AddDurations(headers, call, withOverhead: true);
        if (call.Scenario.Fault == Fault.Empty)
        {
            headers["llm_provider-content-type"] = JsonType;
            headers["llm_provider-content-length"] = "0";
        }
        else
        {
            headers["llm_provider-content-type"] = EventStream;
            headers["llm_provider-transfer-encoding"] = Chunked;
            headers["llm_provider-cache-control"] = NoCache;
            AddProvider(headers, withResets: true);
        }
        AddGroup(headers, call.Deployment);
    }

    /// <summary>An error after authentication. What it carries depends on how far LiteLLM came.</summary>
    /// <param name="headers">Where to put them.</param>
    /// <param name="callId">The call's id.</param>
    /// <param name="api">Completions' errors carry the call id alone, and in 1.81 nothing.</param>
    /// <param name="deployment">The deployment, if one was chosen.</param>
    /// <param name="fromProvider">Whether a provider answered: LiteLLM then adds its timeout, and 1.109 the provider's headers.</param>
    /// <param name="scenario">For a provider's 429 and 503: the time after which it would be asked again.</param>
    public void AddError(
        IHeaderDictionary headers,
        StringValues callId,
        InferenceApi api,
        Deployment? deployment,
        bool fromProvider,
        Scenario? scenario = null
    )
    {
        if (api == InferenceApi.Completions)
        {
            if (!IsLegacy)
            {
                headers["x-litellm-call-id"] = callId;
            }
            return;
        }
        headers["x-litellm-call-id"] = callId;
        headers["x-litellm-response-cost"] = NoAttempts;
        headers["x-litellm-key-spend"] = Zero;
        if (deployment is not null)
        {
            headers["x-litellm-model-id"] = deployment.IdHeader;
            if (!IsLegacy)
            {
                headers["x-litellm-model-name"] = deployment.UpstreamHeader;
            }
        }
        if (fromProvider)
        {
            headers["x-litellm-timeout"] = ErrorTimeout;
        }
        else if (api == InferenceApi.Embeddings && !IsLegacy)
        {
            headers["x-litellm-version"] = CurrentVersion;
        }
        if (fromProvider && scenario is not null && !IsLegacy)
        {
            AddFailedProvider(headers, scenario);
        }
    }

    private static void AddFailedProvider(IHeaderDictionary headers, Scenario scenario)
    {
        headers["llm_provider-content-type"] = JsonType;
        headers["llm_provider-content-length"] = "125";
        headers["llm_provider-x-request-id"] = FailedRequestId;
        headers["request-id"] = FailedRequestId;
        if (scenario.Status is 429 or 503)
        {
            headers["llm_provider-retry-after"] = "3";
        }
        if (scenario.Status == 429)
        {
            headers["llm_provider-retry-after-ms"] = "3000";
            headers["llm_provider-x-ratelimit-limit-requests"] = "3";
            headers["llm_provider-x-ratelimit-remaining-requests"] = "0";
            headers["llm_provider-x-ratelimit-reset-requests"] = "20s";
            headers["x-ratelimit-limit-requests"] = "3";
            headers["x-ratelimit-remaining-requests"] = "0";
        }
    }

    private void AddCompletionStream(IHeaderDictionary headers, InferenceCall call)
    {
        headers["x-litellm-key-spend"] = Zero;
        if (IsLegacy)
        {
            headers["x-litellm-call-id"] = call.CallId;
            headers["x-litellm-version"] = LegacyVersion;
            AddCostSplit(headers, default, Zero);
            return;
        }
        AddDeployment(headers, call.CallId, call.Deployment);
        headers["x-litellm-response-duration-ms"] = Milliseconds(call);
        AddGroup(headers, call.Deployment);
    }

    private void AddDeployment(IHeaderDictionary headers, StringValues callId, Deployment deployment)
    {
        headers["x-litellm-call-id"] = callId;
        headers["x-litellm-model-id"] = deployment.IdHeader;
        if (!IsLegacy)
        {
            headers["x-litellm-model-name"] = deployment.UpstreamHeader;
        }
        headers["x-litellm-version"] = IsLegacy ? LegacyVersion : CurrentVersion;
    }

    private void AddCostSplit(IHeaderDictionary headers, in CostSplit cost, StringValues total)
    {
        headers["x-litellm-response-cost-original"] = total;
        headers["x-litellm-response-cost-discount-amount"] = Zero;
        headers["x-litellm-response-cost-margin-amount"] = Zero;
        headers["x-litellm-response-cost-margin-percent"] = Zero;
        if (IsLegacy)
        {
            return;
        }
        headers["x-litellm-response-cost-input"] = JsonText.PythonFloat(cost.Input);
        headers["x-litellm-response-cost-output"] = JsonText.PythonFloat(cost.Output);
        headers["x-litellm-response-cost-tool-usage"] = Zero;
        AddUnlessZero(headers, "x-litellm-response-cost-cache-read", cost.CacheRead);
        AddUnlessZero(headers, "x-litellm-response-cost-cache-creation", cost.CacheCreation);
        AddUnlessZero(headers, "x-litellm-response-cost-reasoning", cost.Reasoning);
    }

    private static void AddUnlessZero(IHeaderDictionary headers, string name, double value)
    {
        if (value > 0)
        {
            headers[name] = JsonText.PythonFloat(value);
        }
    }

    private void AddDurations(IHeaderDictionary headers, InferenceCall call, bool withOverhead)
    {
        headers["x-litellm-response-duration-ms"] = Milliseconds(call);
        if (withOverhead)
        {
            headers["x-litellm-overhead-duration-ms"] = "0.1";
        }
        if (!IsLegacy)
        {
            headers["x-litellm-callback-duration-ms"] = Zero;
        }
    }

    private void AddProvider(IHeaderDictionary headers, bool withResets)
    {
        foreach (var (name, value) in Limits)
        {
            headers[name] = value;
        }
        foreach (var (name, value) in ProviderHeaders)
        {
            headers[name] = value;
        }
        if (withResets)
        {
            foreach (var (name, value) in Resets)
            {
                headers[name] = value;
            }
        }
        if (!IsLegacy)
        {
            headers["llm_provider-request-id"] = RequestId;
            headers["request-id"] = RequestId;
        }
    }

    private static void AddGroup(IHeaderDictionary headers, Deployment deployment)
    {
        headers["x-litellm-model-group"] = deployment.GroupHeader;
        headers["x-litellm-attempted-retries"] = NoAttempts;
        headers["x-litellm-attempted-fallbacks"] = NoAttempts;
    }

    private string Milliseconds(InferenceCall call) => JsonText.PythonFloat(time.GetElapsedTime(call.StartedAt).TotalMilliseconds);
}
