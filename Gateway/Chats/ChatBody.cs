using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Gateway.Core.Chats;
using Gateway.Core.Files;
using Gateway.Core.Storage.Entities;

namespace Gateway.Chats;

/// <summary>
/// The body of a call that a chat makes, in OpenAI's form. Images stand in it as data URLs and are encoded while the body is read: only
/// what the call itself may hold of bodies is ever in memory.
/// </summary>
internal sealed class ChatBody
{
    private const int PieceBytes = 48 * 1024; // divisible by three: no piece but the last is padded

    private readonly ReadOnlyMemory<byte> _json;
    private readonly List<(int Offset, StoredFile Image)> _images;

    private ChatBody(ReadOnlyMemory<byte> json, List<(int Offset, StoredFile Image)> images) => (_json, _images) = (json, images);

    /// <summary>Its length in bytes, images encoded.</summary>
    public long Length => _json.Length + _images.Sum(i => EncodedLength(i.Image));

    /// <summary>Bytes of an image as it stands in a body.</summary>
    public static long EncodedLength(StoredFile image) => Prefix(image).Length + ((image.Size + 2) / 3 * 4);

    /// <summary>Makes one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="isStream">Whether the answer is to be streamed.</param>
    /// <param name="temperature">The temperature; null: none.</param>
    /// <param name="maximum">The member that bounds the answer, and its value; null: none.</param>
    public static ChatBody Of(
        string model,
        IReadOnlyList<ContextMessage> messages,
        bool isStream,
        double? temperature,
        (string Member, long Tokens)? maximum
    )
    {
        var buffer = new ArrayBufferWriter<byte>(4_096);
        List<(int, StoredFile)> images = [];
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = ChatJson.Options.Encoder });
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteBoolean("stream", isStream);
        if (temperature is { } degree)
        {
            json.WriteNumber("temperature", degree);
        }
        if (maximum is { } most)
        {
            json.WriteNumber(most.Member, most.Tokens);
        }
        json.WriteStartArray("messages");
        foreach (var message in messages)
        {
            json.WriteStartObject();
            json.WriteString("role", message.Role);
            if (message.Images.Count == 0)
            {
                json.WriteString("content", message.Content);
            }
            else
            {
                WriteParts(json, buffer, images, message);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return new ChatBody(buffer.WrittenMemory, images);
    }

    /// <summary>Reads it, once.</summary>
    public Stream Open(FileStore files) => new PieceStream(PiecesAsync(files));

    private static void WriteParts(
        Utf8JsonWriter json,
        ArrayBufferWriter<byte> buffer,
        List<(int Offset, StoredFile Image)> images,
        ContextMessage message
    )
    {
        json.WriteStartArray("content");
        if (message.Content.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type", "text");
            json.WriteString("text", message.Content);
            json.WriteEndObject();
        }
        foreach (var image in message.Images)
        {
            json.WriteStartObject();
            json.WriteString("type", "image_url");
            json.WriteStartObject("image_url");
            json.WriteString("url", "");
            json.Flush();
            images.Add((buffer.WrittenCount - 1, image)); // between the quotes
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Prefix(StoredFile image) => $"data:{image.MimeType};base64,";

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(
        FileStore files,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var from = 0;
        var bytes = ArrayPool<byte>.Shared.Rent(PieceBytes);
        var text = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(PieceBytes));
        try
        {
            foreach (var (offset, image) in _images)
            {
                yield return _json[from..offset];
                yield return Encoding.ASCII.GetBytes(Prefix(image));
                await using var content = files.Open(image);
                while (
                    await content.ReadAtLeastAsync(bytes.AsMemory(0, PieceBytes), PieceBytes, throwOnEndOfStream: false, cancellationToken)
                        is var read
                            and > 0
                )
                {
                    Base64.EncodeToUtf8(bytes.AsSpan(0, read), text, out _, out var written);
                    yield return text.AsMemory(0, written);
                }
                from = offset;
            }
            yield return _json[from..];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<byte>.Shared.Return(text);
        }
    }
}
