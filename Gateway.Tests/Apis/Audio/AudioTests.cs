using Gateway.Apis;
using Gateway.Apis.Audio;
using Gateway.Core.Policy;
using Gateway.Tests.Apis.Pieces;
using Gateway.Tests.Limits.Bound;
using Gateway.Tests.Support;

namespace Gateway.Tests.Apis.Audio;

/// <summary>OpenAI's audio over HTTP, with the sandbox upstream.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class AudioTests(SharedHub shared)
{
    private static readonly PolicyModel ByCharacter = Bounds.Priced("""{"input_character":15000000}""") with { MaxOutputTokens = null };

    private readonly HubHost _hub = shared.Hub;

    [Theory]
    [InlineData("/v1/audio/transcriptions", "atranscription")]
    [InlineData("/audio/transcriptions", "atranscription")]
    [InlineData("/v1/audio/translations", "atranslation")]
    public async Task Seconds_that_the_provider_bills_are_charged(string path, string callType)
    {
        using var form = PieceCalls.Form("whisper-1", "file", "a.wav", PieceCalls.Wav(1_500));
        var answer = await _hub.Client.PostAsync(path, form);
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.StartsWith("Hello", (await answer.JsonAsync()).GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal((callType, "ok", "reported"), (record.CallType, record.Outcome, record.UsageSource));
        Assert.Equal((2_000L, 200_000L), (record.Usage.Items.InputMilliseconds, record.TotalCostNanoUsd));
        Assert.Equal(record.TotalCostNanoUsd, record.UpstreamCostNanoUsd);
    }

    [Fact]
    public async Task Tokens_are_charged_where_the_provider_counts_them()
    {
        using var form = PieceCalls.Form("gpt-4o-transcribe", "file", "a.wav", PieceCalls.Wav(1_500));
        var record = await _hub.RecordAsync((await _hub.Client.PostAsync("/v1/audio/transcriptions", form)).RequestId());
        Assert.Equal((2L, 20L, 8L), (record.Usage.Input, record.Usage.InputAudio, record.Usage.Output));
        Assert.Equal((22 * 2_500) + (8 * 10_000), record.TotalCostNanoUsd);
    }

    [Fact]
    public async Task Budget_holds_what_the_bytes_of_the_sound_can_last()
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(key, 300_000);
        using var client = _hub.NewClient(key.Text);
        using var paid = PieceCalls.Form("whisper-1", "file", "a.wav", PieceCalls.Wav(2_000));
        using var long1 = PieceCalls.Form("whisper-1", "file", "a.wav", PieceCalls.Wav(4_000));
        Assert.Equal(200_000, (await _hub.RecordAsync((await client.PostAsync("/v1/audio/transcriptions", paid)).RequestId())).HeldNanoUsd);
        await (await client.PostAsync("/v1/audio/transcriptions", long1)).AssertRefusedAsync(
            429,
            "insufficient_quota",
            "insufficient_quota"
        );
    }

    [Theory]
    [InlineData("text/plain", "Content-Type: text/plain")]
    [InlineData("application/json", "{}")]
    public async Task What_is_no_form_is_415(string type, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, type);
        await (await _hub.Client.PostAsync("/v1/audio/transcriptions", content)).AssertRefusedAsync(
            415,
            "invalid_request_error",
            "unsupported_media_type",
            "content-type"
        );
    }

    [Fact]
    public async Task Form_above_the_largest_body_is_413()
    {
        using var form = PieceCalls.Form("whisper-1", "file", "a.wav", new byte[33 * 1024 * 1024]);
        Assert.Equal(413, (int)(await _hub.Client.PostAsync("/v1/audio/transcriptions", form)).StatusCode);
    }

    [Fact]
    public async Task Speech_comes_as_it_is_made_and_is_charged_by_its_characters()
    {
        var answer = await _hub.Client.CallAsync("/v1/audio/speech", "tts-1");
        var sound = await answer.Content.ReadAsByteArrayAsync();
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.Equal((16_000, "audio/mpeg"), (sound.Length, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal(("aspeech", "ok", "reported"), (record.CallType, record.Outcome, record.UsageSource));
        Assert.Equal((11L, 165_000L), (record.Usage.Items.InputCharacters, record.TotalCostNanoUsd));
    }

    [Fact]
    public async Task Speech_that_breaks_is_cut_and_charged_because_the_provider_has_read_it()
    {
        var answer = await (await _hub.Client.CallAsync("/v1/audio/speech", "sandbox-drop-mid-stream")).ReadAsFarAsItComesAsync();
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.True(answer.IsCut());
        Assert.Equal(("upstream_truncated", "estimated"), (record.Outcome, record.UsageSource));
    }

    [Fact]
    public async Task Speech_by_the_token_needs_events_on_a_budget()
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(key, 100_000_000);
        using var client = _hub.NewClient(key.Text);
        var refused = await client.CallAsync("/v1/audio/speech", "gpt-4o-mini-tts");
        await refused.AssertRefusedAsync(400, "invalid_request_error", "unbounded_request", "stream_format");
        var paid = await client.SendAsync(
            InferenceCalls.Post("/v1/audio/speech", """{"model":"gpt-4o-mini-tts","input":"Hello","stream_format":"sse"}""")
        );
        await paid.Content.ReadAsStringAsync();
        var record = await _hub.RecordAsync(paid.RequestId());
        Assert.Equal(("ok", "reported", 2L), (record.Outcome, record.UsageSource, record.Usage.Input));
    }

    [Theory, InlineData("Hello world", 11), InlineData("Grüße", 5), InlineData("\\uD83D\\uDE80 a", 3)]
    public void Characters_are_those_of_Unicode(string input, long characters)
    {
        var bound = Bounds.Of($$"""{"model":"m","input":"{{input}}","voice":"a","speed":0.25}""", ByCharacter, ApiTable.Speech);
        Assert.Null(bound.Refusal);
        Assert.Equal(characters * 15_000, bound.Cost.NanoUsd);
    }

    [Fact]
    public void Length_of_a_wav_is_its_samples_whatever_its_header_says()
    {
        var file = PieceCalls.Wav(2_500);
        BitConverter.TryWriteBytes(file.AsSpan(40), 8);
        Assert.Equal((2_500L, 2_500L), (AudioLength.Told(file), AudioLength.Most(file, 500)));
    }

    [Fact]
    public void Length_of_an_mp3_is_told_by_its_frames_and_bounded_by_the_lowest_rate()
    {
        // 128 kbit/s at 44.1 kHz: 417 bytes and 26.122 ms each.
        var frame = new byte[417];
        (frame[0], frame[1], frame[2]) = (0xFF, 0xFB, 0x90);
        byte[] file = [.. Enumerable.Repeat(frame, 100).SelectMany(f => f)];
        Assert.InRange(AudioLength.Told(file)!.Value, 2_611, 2_613);
        Assert.Equal(41_700, AudioLength.Most(file, 500));
    }

    [Fact]
    public void Length_of_flac_ogg_and_mp4_is_told_and_not_believed()
    {
        var flac = new byte[100];
        "fLaC"u8.CopyTo(flac);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(flac.AsSpan(18), (16_000UL << 44) | 32_000);
        var ogg = new byte[100];
        "OggS"u8.CopyTo(ogg);
        "OpusHead"u8.CopyTo(ogg.AsSpan(28));
        BitConverter.TryWriteBytes(ogg.AsSpan(6), 96_000L);
        var mp4 = new byte[100];
        "ftyp"u8.CopyTo(mp4.AsSpan(4));
        "mvhd"u8.CopyTo(mp4.AsSpan(20));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(mp4.AsSpan(36), 1_000);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(mp4.AsSpan(40), 2_000);
        Assert.Equal([2_000, 2_000, 2_000], new[] { flac, ogg, mp4 }.Select(f => AudioLength.Told(f)!.Value));
        Assert.All(new[] { flac, ogg, mp4 }, f => Assert.Equal(200, AudioLength.Most(f, 500)));
        Assert.Null(AudioLength.Told(new byte[100]));
    }
}
