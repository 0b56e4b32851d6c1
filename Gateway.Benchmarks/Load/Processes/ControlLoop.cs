using System.Text.Json;

namespace Gateway.Benchmarks.Load.Processes;

/// <summary>
/// The child's side of the harness's protocol: a line of text in, a line of JSON out. It ends when the parent closes the child's input,
/// also by dying, so that no process is left behind.
/// </summary>
internal static class ControlLoop
{
    /// <summary>What an answer begins with: logs are JSON too, and go to the same output.</summary>
    public const string AnswerMark = "answer ";

    /// <summary>
    /// Says where the child listens, then answers <c>figures</c> and <c>collect</c>, and everything else by <paramref name="answer"/>.
    /// </summary>
    public static async Task RunAsync(int port, Func<string, Task<object>>? answer = null)
    {
        Write(new Listening(port));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            Write(
                line switch
                {
                    "figures" => ProcessFigures.Read(collect: false),
                    "collect" => ProcessFigures.Read(collect: true),
                    _ when answer is not null => await answer(line),
                    _ => throw new InvalidOperationException($"No such command: {line}"),
                }
            );
        }
    }

    private static void Write(object message) => Console.Out.WriteLine(AnswerMark + JsonSerializer.Serialize(message, message.GetType()));
}
