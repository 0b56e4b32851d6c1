using System.Buffers;
using System.Runtime.CompilerServices;

namespace Gateway.Core.Usage;

/// <summary>
/// Reads one JSON answer that arrives in arbitrary pieces: keeps the raw bytes of a few members of the root (<see cref="AnswerMember"/>),
/// counts the bytes of generated text, and says whether the text is complete or broken. A state machine over bytes: it never holds a
/// string of the answer, allocates nothing per piece, throws on nothing, and gives the same result however the bytes are cut.
/// Members nested deeper than <see cref="MaxDepth"/> make the text broken. Not thread-safe; <see cref="Reset"/> makes it new.
/// </summary>
internal sealed class JsonMemberScanner : IDisposable
{
    /// <summary>Deeper than any answer, shallow enough to bound the work.</summary>
    public const int MaxDepth = 256;

    /// <summary>Kept bytes of all members together.</summary>
    public const int DefaultCaptureLimit = 64 * 1024;

    private const int MemberCount = (int)AnswerMember.Status + 1;
    private const byte ArrayFlag = 0x80;

    private static readonly SearchValues<byte> StringStops = SearchValues.Create(StopBytes());

    private readonly int _captureLimit;
    private readonly AnswerRole _root;
    private readonly byte[] _levels = new byte[MaxDepth];
    private byte[] _captured = [];
    private int _capturedLength;
    private Slots _slots;
    private KeyBuffer _keyBuffer;

    private State _state;
    private int _depth;
    private AnswerKey _key;
    private int _keyLength;
    private bool _inKey;
    private StringMeaning _meaning;
    private byte _literal;
    private int _position;
    private NumberState _number;
    private int _codeUnit;
    private long _consumed;
    private long _keyOffset;
    private int _capturing = -1;
    private int _captureDepth;
    private int _captureFrom;
    private UsageReader _usages;
    private long _textBytes;
    private long _finalBytes;
    private Thoughts _thoughts;

    /// <param name="captureLimit">Kept bytes of all members together.</param>
    /// <param name="root">What the text is: an answer, or an event of a stream.</param>
    public JsonMemberScanner(int captureLimit = DefaultCaptureLimit, AnswerRole root = AnswerRole.Root)
    {
        _captureLimit = captureLimit;
        _root = root;
    }

    /// <summary>Whether the text brings things rather than text.</summary>
    public bool BringsThings => _root == AnswerRole.Pieces;

    /// <summary>What the root is; <see cref="JsonRoot.None"/> until its first byte.</summary>
    public JsonRoot Root { get; private set; }

    /// <summary>True when anything was generated: text, a tool call, audio, an image, a vector.</summary>
    public bool HasContent { get; private set; }

    /// <summary>UTF-8 bytes of generated text, unescaped. A thought that stands under several names counts once.</summary>
    public long ContentBytes => _textBytes + Math.Max(Math.Max(_thoughts[0], _thoughts[1]), Math.Max(_thoughts[2], _thoughts[3]));

    /// <summary>Bytes of generated sound, in base64.</summary>
    public long SoundBytes { get; private set; }

    /// <summary>Pictures made.</summary>
    public long Images { get; private set; }

    /// <summary>Things in the lists of the answer: pictures, ranks, verdicts, vectors.</summary>
    public long Pieces { get; private set; }

    /// <summary>UTF-8 bytes of a whole text that a stream may have brought in pieces before.</summary>
    public long FinalBytes => _finalBytes;

    /// <summary>True when some choice says why it ended.</summary>
    public bool HasFinishReason { get; private set; }

    /// <summary>What choices said of why they ended.</summary>
    public FinishReasons FinishReasons { get; private set; }

    /// <summary>Searches of the web among the items of a response.</summary>
    public int Searches { get; private set; }

    /// <summary>What the <c>type</c> of an event says.</summary>
    public AnswerEvent Event { get; private set; }

    /// <summary>True when some choice's message or delta has any member, even an empty one (the first chunk's role).</summary>
    public bool HasMessageMember { get; private set; }

    /// <summary>True when there is a place for an answer: choices, data, output, even empty ones.</summary>
    public bool HasAnswerPart { get; private set; }

    /// <summary>True when a usage was read, wherever it stood.</summary>
    public bool HasUsage { get; private set; }

    /// <summary>All usages of the text put together.</summary>
    public ref readonly UsageReader Usages => ref _usages;

    public JsonScanState Status =>
        _state switch
        {
            State.Broken => JsonScanState.Broken,
            State.Done => JsonScanState.Complete,
            State.Number when _depth == 0 && IsWhole(_number) => JsonScanState.Complete, // a bare number ends where the text ends
            _ => JsonScanState.Incomplete,
        };

    /// <summary>
    /// The raw JSON of a member as it last appeared, or empty when it did not, or was larger than the limit. Valid until the next
    /// <see cref="Feed"/>, <see cref="Reset"/> or <see cref="Dispose"/>.
    /// </summary>
    public ReadOnlySpan<byte> Captured(AnswerMember member)
    {
        var slot = _slots[(int)member];
        return slot.IsWhole ? _captured.AsSpan(slot.Start, slot.Length) : default;
    }

    /// <summary>True when the member was there and not null. (Also when it was too large to keep.)</summary>
    public bool Has(AnswerMember member)
    {
        var slot = _slots[(int)member];
        return slot.IsOversize || (slot.IsWhole && !Captured(member).SequenceEqual("null"u8));
    }

    /// <summary>True when the member was larger than the limit, and so was not kept.</summary>
    public bool IsOversize(AnswerMember member) => _slots[(int)member].IsOversize;

    /// <summary>The bytes of a member, from the quote of its name to the end of its value, counted from the first byte fed.</summary>
    public (long Start, long End) RangeOf(AnswerMember member)
    {
        var slot = _slots[(int)member];
        return (slot.KeyOffset, slot.KeyOffset + slot.Extent);
    }

    /// <summary>Makes the scanner new; keeps its buffer.</summary>
    public void Reset()
    {
        _capturedLength = 0;
        _slots = default;
        _state = State.Value;
        _depth = 0;
        _key = AnswerKey.Other;
        _consumed = 0;
        _capturing = -1;
        _inKey = false;
        _meaning = StringMeaning.None;
        Root = JsonRoot.None;
        HasContent = false;
        _textBytes = 0;
        _finalBytes = 0;
        Pieces = 0;
        _thoughts = default;
        SoundBytes = 0;
        Images = 0;
        HasFinishReason = false;
        FinishReasons = FinishReasons.None;
        Event = AnswerEvent.Other;
        Searches = 0;
        HasMessageMember = false;
        HasAnswerPart = false;
        if (HasUsage)
        {
            HasUsage = false;
            _usages = default;
        }
    }

    public void Dispose()
    {
        if (_captured.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_captured);
            _captured = [];
        }
        Reset();
    }

    /// <summary>Takes the next bytes. Returns where the text stands after them.</summary>
    public JsonScanState Feed(ReadOnlySpan<byte> bytes)
    {
        _captureFrom = 0;
        var i = 0;
        while (i < bytes.Length && _state != State.Broken)
        {
            i = _state switch
            {
                State.AfterValue => ScanAfterValue(bytes, i),
                State.Key or State.KeyOrEnd => ScanKeyStart(bytes, i),
                State.Value or State.ValueOrEnd => ScanValueStart(bytes, i),
                State.Colon => Expect(bytes[i], (byte)':', State.Value, i),
                State.String => ScanString(bytes, i),
                State.Escape => ScanEscape(bytes[i], i),
                State.Unicode => ScanUnicode(bytes[i], i),
                State.Number => ScanNumber(bytes, i),
                State.Literal => ScanLiteral(bytes, i),
                _ => SkipSpace(bytes[i], i),
            };
        }
        if (_capturing >= 0)
        {
            Capture(bytes[Math.Min(_captureFrom, bytes.Length)..]);
        }
        _consumed += bytes.Length;
        return Status;
    }

    private AnswerRole Role => _depth == 0 ? AnswerRole.Other : (AnswerRole)(_levels[_depth - 1] & ~ArrayFlag);

    private bool InArray => (_levels[_depth - 1] & ArrayFlag) != 0;

    private int ScanAfterValue(ReadOnlySpan<byte> bytes, int i)
    {
        var b = bytes[i];
        if (b == (byte)',')
        {
            _key = AnswerKey.Other;
            _state = InArray ? State.Value : State.Key;
            return i + 1;
        }
        return b == (InArray ? (byte)']' : (byte)'}') ? Close(bytes, i + 1) : SkipSpace(b, i);
    }

    // A name that lies whole and without escapes in the piece is read where it lies; any other goes the long way, through State.String.
    private int ScanKeyStart(ReadOnlySpan<byte> bytes, int i)
    {
        if (bytes[i] != (byte)'"')
        {
            return bytes[i] == (byte)'}' && _state == State.KeyOrEnd ? Close(bytes, i + 1) : SkipSpace(bytes[i], i);
        }
        _keyOffset = _consumed + i;
        if (TryReadWhole(bytes, i, out var name))
        {
            EndKey(name);
            return i + name.Length + 2;
        }
        _inKey = true;
        _keyLength = 0;
        _state = State.String;
        return i + 1;
    }

    private int ScanValueStart(ReadOnlySpan<byte> bytes, int i)
    {
        var b = bytes[i];
        if (b <= (byte)' ')
        {
            return SkipSpace(b, i);
        }
        if (b == (byte)']' && _state == State.ValueOrEnd)
        {
            return Close(bytes, i + 1);
        }
        var role = Role;
        if (
            role is AnswerRole.Root or AnswerRole.Choice or AnswerRole.Envelope or >= AnswerRole.EventAnswer
            && AnswerVocabulary.TryGetMember(role, _key, out var member)
        )
        {
            StartCapture(member, i);
        }
        else if (role == AnswerRole.Things)
        {
            HasContent = true;
            Pieces++;
        }
        else if (role == AnswerRole.Images || IsImage(role, b))
        {
            HasContent = true;
            Images++;
        }
        else if (_depth == 0)
        {
            Root = RootOf(b);
        }
        switch (b)
        {
            case (byte)'"':
                return ScanStringStart(bytes, i, role);
            case (byte)'{':
                Open(role, isArray: false);
                break;
            case (byte)'[':
                Open(role, isArray: true);
                break;
            case (byte)'t' or (byte)'f' or (byte)'n':
                _literal = b;
                _position = 1;
                _state = State.Literal;
                break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                _number =
                    b == (byte)'-' ? NumberState.Minus
                    : b == (byte)'0' ? NumberState.Zero
                    : NumberState.Integer;
                _state = State.Number;
                break;
            default:
                _state = State.Broken;
                break;
        }
        return i + 1;
    }

    private bool IsImage(AnswerRole role, byte first) =>
        _key == AnswerKey.Image && (role is AnswerRole.Part or AnswerRole.Message) && (first is (byte)'"' or (byte)'{');

    private int ScanStringStart(ReadOnlySpan<byte> bytes, int i, AnswerRole role)
    {
        _meaning = role == AnswerRole.Other ? StringMeaning.None : AnswerVocabulary.MeaningOf(role, _key);
        _keyLength = 0;
        if (TryReadWhole(bytes, i, out var text))
        {
            if (_meaning != StringMeaning.None && !text.IsEmpty)
            {
                Said(text);
                EndText();
            }
            return EndValue(bytes, i + text.Length + 2);
        }
        _state = State.String;
        return i + 1;
    }

    private static bool TryReadWhole(ReadOnlySpan<byte> bytes, int openQuote, out ReadOnlySpan<byte> text)
    {
        var rest = bytes[(openQuote + 1)..];
        var stop = rest.IndexOfAny(StringStops);
        if (stop >= 0 && rest[stop] == (byte)'"')
        {
            text = rest[..stop];
            return true;
        }
        text = default;
        return false;
    }

    private int Expect(byte b, byte expected, State next, int i)
    {
        if (b != expected)
        {
            return SkipSpace(b, i);
        }
        _state = next;
        return i + 1;
    }

    private int SkipSpace(byte b, int i)
    {
        if (b is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
        {
            _state = State.Broken;
        }
        return i + 1;
    }

    private void Open(AnswerRole parent, bool isArray)
    {
        if (_depth == MaxDepth)
        {
            _state = State.Broken;
            return;
        }
        var role = _depth == 0 ? (isArray ? AnswerRole.Other : _root) : AnswerVocabulary.RoleOf(parent, _key, isArray);
        HasContent |= role == AnswerRole.ToolCall;
        HasAnswerPart |=
            role is AnswerRole.Choices or AnswerRole.Things or AnswerRole.OutputItems or AnswerRole.Parts or AnswerRole.EventAnswer;
        _levels[_depth++] = (byte)((byte)role | (isArray ? ArrayFlag : 0));
        _key = AnswerKey.Other;
        _state = isArray ? State.ValueOrEnd : State.KeyOrEnd;
    }

    private int Close(ReadOnlySpan<byte> bytes, int end)
    {
        _depth--;
        return EndValue(bytes, end);
    }

    private int EndValue(ReadOnlySpan<byte> bytes, int end)
    {
        _state = _depth == 0 ? State.Done : State.AfterValue;
        if (_capturing >= 0 && _depth == _captureDepth)
        {
            Capture(bytes[_captureFrom..end]);
            EndCapture(_consumed + end);
        }
        return end;
    }

    private void EndKey(ReadOnlySpan<byte> name)
    {
        var role = Role;
        if (role != AnswerRole.Other)
        {
            _key = AnswerVocabulary.KeyOf(name);
            HasMessageMember |= role == AnswerRole.Message;
        }
        _state = State.Colon;
    }

    private int ScanString(ReadOnlySpan<byte> bytes, int i)
    {
        var rest = bytes[i..];
        var stop = rest.IndexOfAny(StringStops);
        var length = stop < 0 ? rest.Length : stop;
        if (length > 0)
        {
            Said(rest[..length]);
        }
        if (stop < 0)
        {
            return bytes.Length;
        }
        i += stop + 1;
        switch (rest[stop])
        {
            case (byte)'\\':
                _state = State.Escape;
                return i;
            case not (byte)'"':
                _state = State.Broken; // a bare control character
                return i;
        }
        if (!_inKey)
        {
            EndText();
            return EndValue(bytes, i);
        }
        _inKey = false;
        EndKey(Kept);
        return i;
    }

    // A text that is not whole in one piece is put together where names are: it is never within one.
    private ReadOnlySpan<byte> Kept => _keyLength > KeyBuffer.Length ? default : ((ReadOnlySpan<byte>)_keyBuffer)[.._keyLength];

    private void EndText()
    {
        if (_meaning == StringMeaning.FinishReason && _keyLength > 0)
        {
            FinishReasons |= FinishReasonNames.Read(Kept);
        }
        else if (_meaning == StringMeaning.ItemType)
        {
            Searches += Kept.SequenceEqual("web_search_call"u8) ? 1 : 0;
        }
        else if (_meaning == StringMeaning.EventType)
        {
            Event = AnswerEventNames.Read(Kept);
            HasFinishReason |= Event >= AnswerEvent.ResponseCompleted;
            FinishReasons |=
                Event is AnswerEvent.ResponseCompleted or AnswerEvent.PieceDone ? FinishReasons.Stop
                : Event == AnswerEvent.ResponseIncomplete ? FinishReasons.Length
                : FinishReasons.None;
        }
    }

    private int ScanEscape(byte b, int i)
    {
        switch (b)
        {
            case (byte)'u':
                _position = 0;
                _codeUnit = 0;
                _state = State.Unicode;
                break;
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                Said([b < (byte)'a' ? b : (byte)' ']); // a letter stands for a control character, which is in no name of ours
                _state = State.String;
                break;
            default:
                _state = State.Broken;
                break;
        }
        return i + 1;
    }

    private int ScanUnicode(byte b, int i)
    {
        var digit = HexDigit(b);
        if (digit < 0)
        {
            _state = State.Broken;
            return i;
        }
        _codeUnit = (_codeUnit << 4) | digit;
        if (++_position == 4)
        {
            // Only the length matters beyond ASCII: a surrogate pair makes four bytes, two for each half.
            ReadOnlySpan<byte> placeholder = [(byte)_codeUnit, 0, 0];
            var length =
                _codeUnit < 0x80 ? 1
                : _codeUnit < 0x800 || _codeUnit is >= 0xD800 and <= 0xDFFF ? 2
                : 3;
            Said(placeholder[..length]);
            _state = State.String;
        }
        return i + 1;
    }

    private void Said(ReadOnlySpan<byte> text)
    {
        if (_inKey)
        {
            Keep(text);
            return;
        }
        switch (_meaning)
        {
            case StringMeaning.Text:
                _textBytes += text.Length;
                HasContent = true;
                break;
            case >= StringMeaning.ReasoningContent:
                _thoughts[_meaning - StringMeaning.ReasoningContent] += text.Length;
                HasContent = true;
                break;
            case StringMeaning.Sound:
                SoundBytes += text.Length;
                HasContent = true;
                break;
            case StringMeaning.FinalText:
                _finalBytes += text.Length;
                HasContent = true;
                break;
            case StringMeaning.Thing:
                HasContent = true;
                break;
            case StringMeaning.FinishReason:
                HasFinishReason = true;
                Keep(text);
                break;
            case StringMeaning.EventType or StringMeaning.ItemType:
                Keep(text);
                break;
        }
    }

    private void Keep(ReadOnlySpan<byte> text)
    {
        if (_keyLength + text.Length <= KeyBuffer.Length)
        {
            text.CopyTo(((Span<byte>)_keyBuffer)[_keyLength..]);
        }
        _keyLength = Math.Min(_keyLength + text.Length, KeyBuffer.Length + 1);
    }

    private int ScanLiteral(ReadOnlySpan<byte> bytes, int i)
    {
        var text = _literal switch
        {
            (byte)'t' => "true"u8,
            (byte)'f' => "false"u8,
            _ => "null"u8,
        };
        for (; i < bytes.Length; i++)
        {
            if (bytes[i] != text[_position])
            {
                _state = State.Broken;
                return i;
            }
            if (++_position == text.Length)
            {
                return EndValue(bytes, i + 1);
            }
        }
        return i;
    }

    // Leaves the byte after the number unread: it belongs to the structure.
    private int ScanNumber(ReadOnlySpan<byte> bytes, int i)
    {
        for (; i < bytes.Length; i++)
        {
            if (_number is NumberState.Integer or NumberState.Fraction or NumberState.Exponent)
            {
                while ((uint)(bytes[i] - '0') <= 9)
                {
                    if (++i == bytes.Length)
                    {
                        return i;
                    }
                }
            }
            var next = NumberAfter(_number, bytes[i]);
            if (next == NumberState.End)
            {
                if (IsWhole(_number))
                {
                    return EndValue(bytes, i);
                }
                _state = State.Broken;
                return i;
            }
            _number = next;
        }
        return i;
    }

    private static NumberState NumberAfter(NumberState number, byte b)
    {
        var isDigit = (uint)(b - '0') <= 9;
        return number switch
        {
            NumberState.Minus => b == (byte)'0' ? NumberState.Zero
            : isDigit ? NumberState.Integer
            : NumberState.End,
            NumberState.Zero or NumberState.Integer when b == (byte)'.' => NumberState.Point,
            NumberState.Zero or NumberState.Integer or NumberState.Fraction when (b | 0x20) == 'e' => NumberState.ExponentMark,
            NumberState.Point => isDigit ? NumberState.Fraction : NumberState.End,
            NumberState.ExponentMark when b is (byte)'+' or (byte)'-' => NumberState.ExponentSign,
            NumberState.ExponentMark or NumberState.ExponentSign => isDigit ? NumberState.Exponent : NumberState.End,
            _ => NumberState.End,
        };
    }

    private static bool IsWhole(NumberState number) =>
        number is NumberState.Zero or NumberState.Integer or NumberState.Fraction or NumberState.Exponent;

    private void StartCapture(AnswerMember member, int at)
    {
        _captureFrom = at;
        _capturing = (int)member;
        _captureDepth = _depth;
        _slots[_capturing] = new() { Start = _capturedLength, KeyOffset = _keyOffset };
    }

    private void Capture(ReadOnlySpan<byte> bytes)
    {
        ref var slot = ref _slots[_capturing];
        if (slot.IsOversize || bytes.IsEmpty)
        {
            return;
        }
        if (_capturedLength + bytes.Length > _captureLimit)
        {
            _capturedLength = slot.Start;
            slot.IsOversize = true;
            return;
        }
        if (_capturedLength + bytes.Length > _captured.Length)
        {
            Grow(_capturedLength + bytes.Length);
        }
        bytes.CopyTo(_captured.AsSpan(_capturedLength));
        _capturedLength += bytes.Length;
    }

    private void EndCapture(long endOffset)
    {
        ref var slot = ref _slots[_capturing];
        slot.Length = _capturedLength - slot.Start;
        slot.IsWhole = !slot.IsOversize;
        slot.Extent = (int)Math.Min(endOffset - slot.KeyOffset, int.MaxValue);
        ReadUsage((AnswerMember)_capturing, slot);
        _capturing = -1;
    }

    // Read where it stands, because one text may hold several. Only the root's is kept: it may have to be cut out.
    private void ReadUsage(AnswerMember member, in Slot slot)
    {
        var isUsage = member is AnswerMember.Usage or AnswerMember.OtherUsage or AnswerMember.PromptCount or AnswerMember.AnswerCount;
        if (!slot.IsWhole || !isUsage)
        {
            return;
        }
        var json = _captured.AsSpan(slot.Start, slot.Length);
        HasUsage |= member switch
        {
            AnswerMember.PromptCount => _usages.TryAddCount(UsageField.Prompt, json),
            AnswerMember.AnswerCount => _usages.TryAddCount(UsageField.Completion, json),
            _ => _usages.TryAdd(json),
        };
        if (member != AnswerMember.Usage)
        {
            _capturedLength = slot.Start;
        }
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(1024, _captured.Length * 2)));
        _captured.AsSpan(0, _capturedLength).CopyTo(larger);
        if (_captured.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_captured);
        }
        _captured = larger;
    }

    private static JsonRoot RootOf(byte b) =>
        b switch
        {
            (byte)'{' => JsonRoot.Object,
            (byte)'[' => JsonRoot.Array,
            (byte)'"' => JsonRoot.String,
            (byte)'t' or (byte)'f' => JsonRoot.Boolean,
            (byte)'n' => JsonRoot.Null,
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonRoot.Number,
            _ => JsonRoot.None,
        };

    private static int HexDigit(byte b) =>
        b switch
        {
            >= (byte)'0' and <= (byte)'9' => b - '0',
            >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
            _ => -1,
        };

    private static byte[] StopBytes() => [.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\'];

    private enum State : byte
    {
        Value,
        ValueOrEnd,
        KeyOrEnd,
        Key,
        Colon,
        AfterValue,
        String,
        Escape,
        Unicode,
        Number,
        Literal,
        Done,
        Broken,
    }

    private enum NumberState : byte
    {
        Minus,
        Zero,
        Integer,
        Point,
        Fraction,
        ExponentMark,
        ExponentSign,
        Exponent,
        End,
    }

    private struct Slot
    {
        public int Start;
        public int Length;
        public long KeyOffset;
        public int Extent; // from the quote of the name to the end of the value
        public bool IsWhole;
        public bool IsOversize;
    }

    [InlineArray(StringMeaning.Thoughts - StringMeaning.ReasoningContent + 1)]
    private struct Thoughts
    {
        private long _first;
    }

    [InlineArray(MemberCount)]
    private struct Slots
    {
        private Slot _first;
    }

    [InlineArray(Length)]
    private struct KeyBuffer
    {
        public const int Length = 32;
        private byte _first;
    }
}
