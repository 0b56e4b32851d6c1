using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Core.Configuration;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Telemetry;

/// <summary>
/// Writes the call log to standard output where logs are JSON: one object a line, many lines at once, by a task of its own. A call leaves
/// its values in a bounded queue and goes on; when nobody reads standard output and the queue is full, lines are dropped and counted. It
/// stands beside the console's logger, which writes everything else, and obeys the same levels.
/// </summary>
[ProviderAlias("Console")]
internal sealed class CallLogWriter : ILoggerProvider
{
    private const int WriteBytes = 64 * 1024;

    // A write costs as much as making many lines.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(5);

    private readonly Channel<CallLine> _lines;
    private readonly CancellationTokenSource _hurry = new();
    private readonly Stream _output;
    private readonly Task _writing;
    private long _dropped;
    private int _isDisposed;

    /// <summary>Begins to write.</summary>
    /// <param name="options">How many lines may wait.</param>
    public CallLogWriter(TelemetryOptions options)
        : this(options, Console.OpenStandardOutput()) { }

    /// <summary>Begins to write.</summary>
    /// <param name="options">How many lines may wait.</param>
    /// <param name="output">Where to.</param>
    internal CallLogWriter(TelemetryOptions options, Stream output)
    {
        _lines = Channel.CreateBounded<CallLine>(
            new BoundedChannelOptions(options.CallLogQueueSize) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
        );
        _output = output;
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Lines that were not written.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Registers it in place of the console for this one category, where the console writes JSON.</summary>
    public static void Add(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.Services.AddSingleton<CallLogWriter>();
        var hasConsole = logging.Services.Any(s => s.ImplementationType == typeof(ConsoleLoggerProvider));
        if (hasConsole && configuration["Logging:Console:FormatterName"] == ConsoleFormatterNames.Json)
        {
            logging.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<CallLogWriter>());
            logging.AddFilter<ConsoleLoggerProvider>(CallLog.Category, LogLevel.None);
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName == CallLog.Category ? this : null);

    /// <summary>Leaves a line to be written.</summary>
    public void Write(CallLine line)
    {
        if (!_lines.Writer.TryWrite(line))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Writes what waits, for a few seconds at most.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _lines.Writer.Complete();
            _hurry.Cancel();
            _writing.Wait(LongestFlush);
        }
    }

    private async Task WriteAllAsync()
    {
        var buffer = new ArrayBufferWriter<byte>(WriteBytes);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        while (await _lines.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            await Task.Delay(Gathering, _hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var count = 0;
            while (_lines.Reader.TryRead(out var line))
            {
                line.WriteTo(json);
                json.Flush();
                json.Reset();
                buffer.Write("\n"u8);
                count++;
                if (buffer.WrittenCount >= WriteBytes)
                {
                    Flush(buffer, ref count);
                }
            }
            Flush(buffer, ref count);
        }
    }

    // The console's writer is locked for each of its lines: ours come between them.
    private void Flush(ArrayBufferWriter<byte> buffer, ref int count)
    {
        try
        {
            lock (Console.Out)
            {
                _output.Write(buffer.WrittenSpan);
            }
        }
        catch (IOException)
        {
            Interlocked.Add(ref _dropped, count); // standard output is closed
        }
        count = 0;
        buffer.ResetWrittenCount();
    }

    private sealed class Logger(CallLogWriter? writer) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => writer is not null && logLevel == LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (state is CallLine line)
            {
                writer?.Write(line);
            }
        }
    }
}
