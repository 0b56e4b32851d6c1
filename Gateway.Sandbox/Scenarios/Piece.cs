using System.Text;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Scenarios;

/// <summary>One completion token: the text of one chunk, encoded once.</summary>
internal sealed class Piece(string text, PieceKind kind = PieceKind.Text)
{
    private readonly byte[] _json = JsonText.Escape(text);

    public PieceKind Kind => kind;

    /// <summary>The text inside its JSON quotes.</summary>
    public ReadOnlySpan<byte> Json(bool last) => last ? _json.AsSpan().TrimEnd((byte)' ') : _json;

    /// <summary>UTF-8 bytes of the text.</summary>
    public int Bytes(bool last) => Encoding.UTF8.GetByteCount(last ? text.TrimEnd(' ') : text);
}
