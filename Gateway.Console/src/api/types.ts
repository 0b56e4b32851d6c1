// The API's own names for what it answers, in one place.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type User = Schemas["User"];
export type ApiKey = Schemas["ApiKey"];
export type CreatedApiKey = Schemas["CreatedApiKey"];
export type Call = Schemas["Request"];
export type UsageReport = Schemas["UsageReport"];
export type UsageRow = Schemas["UsageReportRow"];
export type UsageTotals = Schemas["UsageReportTotals"];
export type UsageStats = Schemas["UsageStats"];
export type OwnBudget = Schemas["OwnBudget"];
export type Budget = Schemas["Budget"];
export type RateLimit = Schemas["RateLimit"];
export type HubEvent = Schemas["Event"];
export type AuditEntry = Schemas["Audit"];
export type Setting = Schemas["Setting"];
export type Tier = Schemas["AdminTier"];
export type Team = Schemas["Team"];
export type Model = Schemas["Model"];
export type LlmModel = Schemas["LlmModel"];
export type AdminModel = Schemas["Model"];
export type Transaction = Schemas["Transaction"];
export type Upstream = Schemas["Upstream"];
export type UpstreamDetail = Schemas["UpstreamDetail"];
export type Company = Schemas["Company"];
export type SyncResult = Schemas["SyncResult"];
export type Deleted = Schemas["Deleted"];
export type PublicTier = Schemas["Tier"];
export type Chat = Schemas["Chat"];
export type ChatMessage = Schemas["MessageView"];
export type StoredFile = Schemas["File"];
export type CallInFlight = Schemas["CallInFlight"];
export type CallCost = Schemas["RequestCost"];
export type Bill = Schemas["Bill"];
