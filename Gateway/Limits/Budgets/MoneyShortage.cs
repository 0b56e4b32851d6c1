using Gateway.Core.Pricing;

namespace Gateway.Limits.Budgets;

/// <summary>Why a hold was refused.</summary>
/// <param name="Line">The first enforced account that has not enough.</param>
/// <param name="Left">What it has left, not below zero.</param>
/// <param name="LeastLeft">What the tightest enforced account has left, not below zero: a call that is to fit has to fit in this.</param>
/// <param name="Held">What calls in flight hold of it.</param>
internal readonly record struct MoneyShortage(HoldLine Line, Money Left, Money LeastLeft, Money Held);
