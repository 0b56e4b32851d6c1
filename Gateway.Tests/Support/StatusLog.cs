using System.Collections.Concurrent;

namespace Gateway.Tests.Support;

/// <summary>The statuses that a client got, in order: what an SDK hides when it tries again by itself.</summary>
internal sealed class StatusLog() : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly ConcurrentQueue<int> _statuses = new();

    public IReadOnlyList<int> Statuses => [.. _statuses];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        _statuses.Enqueue((int)answer.StatusCode);
        return answer;
    }
}
