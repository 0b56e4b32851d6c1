using Microsoft.AspNetCore.Hosting;

namespace Gateway.Tests.Support;

/// <summary>
/// Stands between product and client and asks a question whenever bytes of an answer leave. What was so at the last ones is what a client
/// could not tell from "before my answer": it may call again the moment they arrive.
/// </summary>
internal sealed class LastBytes : IStartupFilter
{
    /// <summary>Makes the product fail once when the answer's bytes leave: the value is how many writes go well before.</summary>
    public const string FaultHeader = "x-test-fault";

    private long _answer;

    /// <summary>What is asked; nothing at first.</summary>
    public Func<long>? Question { get; set; }

    /// <summary>The answer to <see cref="Question"/> at the last bytes that left.</summary>
    public long Answer => Interlocked.Read(ref _answer);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(
                (http, rest) =>
                {
                    var fault = http.Request.Headers.TryGetValue(FaultHeader, out var text)
                        ? int.Parse(text.ToString(), System.Globalization.CultureInfo.InvariantCulture)
                        : int.MaxValue;
                    http.Response.Body = new Watched(http.Response.Body, this, fault);
                    return rest(http);
                }
            );
            next(app);
        };

    private sealed class Watched(Stream inner, LastBytes owner, int writesBeforeFault) : Stream
    {
        private int _writes;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_writes++ == writesBeforeFault)
            {
                throw new ArithmeticException("A fault of the test's.");
            }
            if (owner.Question is { } question)
            {
                Interlocked.Exchange(ref owner._answer, question());
            }
            await inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}
