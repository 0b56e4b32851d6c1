using Gateway.Core.Storage.Entities;

namespace Gateway.Limits.Budgets;

/// <summary>A threshold that was passed.</summary>
/// <param name="Percent">Of the cap.</param>
/// <param name="Row">What is told of it.</param>
internal readonly record struct ThresholdEvent(int Percent, EventRow Row);
