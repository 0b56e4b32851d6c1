namespace Gateway.Tests.Support;

/// <summary>Waits for what the product does behind an answer: asks again until it is so, with a deadline.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <summary>The value, once it is not null.</summary>
    public static async Task<T> NotNullAsync<T>(Func<Task<T?>> read)
        where T : class
    {
        var until = DateTime.UtcNow + Deadline;
        while (true)
        {
            if (await read() is { } value)
            {
                return value;
            }
            Assert.True(DateTime.UtcNow < until, "It did not come about in time.");
            await Task.Delay(10);
        }
    }

    /// <summary>Returns once the condition holds.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        var until = DateTime.UtcNow + (limit ?? Deadline);
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < until, $"It did not come about in time: {what}.");
            await Task.Delay(10);
        }
    }
}
