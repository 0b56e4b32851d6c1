namespace Gateway.Hosting;

/// <summary>The upstreams' addresses, with a slash at the end; none when nothing is configured.</summary>
internal sealed record UpstreamAddresses(IReadOnlyList<Uri> All);
