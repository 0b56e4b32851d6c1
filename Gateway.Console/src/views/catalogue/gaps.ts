import type { Model } from "../../api/types";

const ofTokens = ["chat", "completion", "responses"];

export type Gap = "nothing" | "input" | "output";

/** What of a model's use has no price: it counts nothing in a bill, and no bound can be held for it. */
export function gapOf(model: Model): Gap | null {
  const { is_free, rates, input_token_cost, output_token_cost } = model.model_config;
  if (is_free) return null;
  if (Object.keys(rates).length === 0) return "nothing";
  if (!ofTokens.includes(model.mode)) return null;
  if (input_token_cost === null) return "input";
  return output_token_cost === null ? "output" : null;
}
