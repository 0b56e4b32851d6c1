using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;

namespace Gateway.Tests.Support;

/// <summary>The statuses that the gateway answered with, in order: what an SDK hides when it tries again by itself.</summary>
internal sealed class AnswerLog : IStartupFilter
{
    private readonly ConcurrentQueue<(string? Key, int Status)> _answers = new();

    /// <summary>The statuses that calls with this key got.</summary>
    public IReadOnlyList<int> Of(string key) => [.. _answers.Where(a => a.Key == "Bearer " + key).Select(a => a.Status)];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(
                async (http, rest) =>
                {
                    http.Response.OnStarting(() =>
                    {
                        if (http.Request.Method == "POST")
                        {
                            _answers.Enqueue((http.Request.Headers.Authorization, http.Response.StatusCode));
                        }
                        return Task.CompletedTask;
                    });
                    await rest(http);
                }
            );
            next(app);
        };
}
