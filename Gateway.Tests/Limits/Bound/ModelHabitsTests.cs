using Gateway.Limits.Bound;

namespace Gateway.Tests.Limits.Bound;

/// <summary>The running means that windows of tokens go by.</summary>
public sealed class ModelHabitsTests
{
    private readonly ModelHabits _habits = new(tokensPerByte: 0.25, tokensPerPiece: 1_000, tokensPerAnswer: 500);

    [Fact]
    public void They_begin_with_what_was_given() =>
        Assert.Equal((0.25, 1_000.0, 500.0), (_habits.TokensPerByte, _habits.TokensPerPiece, _habits.TokensPerAnswer));

    [Fact]
    public void Text_follows_what_a_model_makes_of_it()
    {
        Repeat(200, () => _habits.LearnPrompt(textBytes: 3_000, pieces: 0, tokens: 1_500));
        Assert.Equal(0.5, _habits.TokensPerByte, 0.01);
    }

    [Fact]
    public void A_large_prompt_says_more_than_a_small_one()
    {
        _habits.LearnPrompt(80, 0, 5);
        Assert.InRange(_habits.TokensPerByte, 0.24, 0.25);
        _habits.LearnPrompt(400_000, 0, 40_000);
        Assert.InRange(_habits.TokensPerByte, 0.10, 0.11);
    }

    [Fact]
    public void A_picture_follows_what_is_left_when_the_text_is_taken_off()
    {
        Repeat(300, () => _habits.LearnPrompt(textBytes: 400, pieces: 2, tokens: 100 + (2 * 255)));
        Assert.Equal(255, _habits.TokensPerPiece, 1.0);
        Assert.Equal(0.25, _habits.TokensPerByte); // a prompt with pictures says nothing of text
    }

    [Fact]
    public void Answers_follow_and_forget()
    {
        Repeat(500, () => _habits.LearnAnswers(1, 4_000));
        Assert.Equal(4_000, _habits.TokensPerAnswer, 10.0);
        Repeat(1_000, () => _habits.LearnAnswers(2, 20));
        Assert.Equal(10, _habits.TokensPerAnswer, 1.0);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-5)]
    [InlineData(0)]
    public void No_usage_makes_them_absurd(long tokens)
    {
        Repeat(
            1_000,
            () =>
            {
                _habits.LearnPrompt(100, 0, tokens);
                _habits.LearnPrompt(100, 1, tokens);
                _habits.LearnAnswers(1, tokens);
            }
        );
        Assert.InRange(_habits.TokensPerByte, 0, 1);
        Assert.InRange(_habits.TokensPerPiece, 0, 1_000_000);
        Assert.InRange(_habits.TokensPerAnswer, 0, 1_000_000);
    }

    private static void Repeat(int times, Action action)
    {
        for (var i = 0; i < times; i++)
        {
            action();
        }
    }
}
