namespace Gateway.Limits.Bound;

/// <summary>
/// The running means of one model: older calls count less with each newer one, so that a model that changes is followed within some hundred
/// calls. Read without a lock; written under one, off the way to the first byte.
/// </summary>
/// <param name="tokensPerByte">Where the mean of text begins.</param>
/// <param name="tokensPerPiece">Where the mean of an image, a file or a recording begins.</param>
/// <param name="tokensPerAnswer">Where the mean of an answer begins.</param>
internal sealed class ModelHabits(double tokensPerByte, double tokensPerPiece, double tokensPerAnswer)
{
    // What the beginning weighs: a few calls outweigh it. Text is weighed by bytes, so that a large prompt says more than a small one.
    private const double FirstBytes = 4_096;
    private const double FirstPieces = 2;
    private const double FirstAnswers = 4;

    // More than a token for a byte no tokenizer makes, and an image of more tokens than this no provider knows.
    private const double MostPerPiece = 1_000_000;

    private readonly Lock _gate = new();
    private Mean _text = new(FirstBytes, tokensPerByte);
    private Mean _pieces = new(FirstPieces, tokensPerPiece);
    private Mean _answers = new(FirstAnswers, tokensPerAnswer);
    private double _tokensPerByte = tokensPerByte;
    private double _tokensPerPiece = tokensPerPiece;
    private double _tokensPerAnswer = tokensPerAnswer;

    /// <summary>Tokens for each byte of a body beside media.</summary>
    public double TokensPerByte => Volatile.Read(ref _tokensPerByte);

    /// <summary>Tokens for each image, file or recording.</summary>
    public double TokensPerPiece => Volatile.Read(ref _tokensPerPiece);

    /// <summary>Tokens for each answer.</summary>
    public double TokensPerAnswer => Volatile.Read(ref _tokensPerAnswer);

    /// <summary>Takes a prompt into account. Where it has pieces, what its text usually makes is taken off first.</summary>
    public void LearnPrompt(long textBytes, long pieces, long tokens)
    {
        lock (_gate)
        {
            if (pieces > 0)
            {
                var rest = Math.Max(0, tokens - (textBytes * _tokensPerByte));
                Volatile.Write(ref _tokensPerPiece, _pieces.Add(pieces, Math.Min(rest, pieces * MostPerPiece)));
            }
            else if (textBytes > 0)
            {
                Volatile.Write(ref _tokensPerByte, _text.Add(textBytes, Math.Clamp(tokens, 0, textBytes)));
            }
        }
    }

    /// <summary>Takes answers into account.</summary>
    public void LearnAnswers(long answers, long tokens)
    {
        lock (_gate)
        {
            Volatile.Write(ref _tokensPerAnswer, _answers.Add(answers, Math.Clamp(tokens, 0, answers * MostPerPiece)));
        }
    }

    /// <summary>A mean whose past fades.</summary>
    private struct Mean(double weight, double mean)
    {
        private const double Memory = 0.99;

        private double _weight = weight;
        private double _sum = weight * mean;

        public double Add(double weight, double sum)
        {
            _weight = (_weight * Memory) + weight;
            _sum = (_sum * Memory) + sum;
            return _sum / _weight;
        }
    }
}
