namespace Gateway.Admin.OpenApi;

/// <summary>What a route says of itself in the document.</summary>
internal static class RouteWords
{
    /// <summary>A headline, and what a reader should know before the first call.</summary>
    public static T Says<T>(this T route, string summary, string description)
        where T : IEndpointConventionBuilder => route.WithSummary(summary).WithDescription(description);

    /// <summary>Errors of this route beside those that follow from what it is: its parameters, its body, its caller.</summary>
    public static T Refuses<T>(this T route, params int[] statuses)
        where T : IEndpointConventionBuilder =>
        route.WithMetadata([.. statuses.Select(status => new ProducesResponseTypeMetadata(status, typeof(void)))]);
}
