namespace Gateway.Upstream;

/// <summary>Takes over the upstream's answer as soon as its headers are there.</summary>
internal interface IAnswerRelay
{
    /// <summary>Relays the answer to its end, or leaves it alone so that another destination may be tried.</summary>
    Task RelayAsync(HttpContext http, HttpResponseMessage upstream);
}
