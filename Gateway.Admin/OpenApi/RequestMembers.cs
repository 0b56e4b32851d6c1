namespace Gateway.Admin.OpenApi;

/// <summary>
/// What routes read of bodies and queries, for the document: <c>name:type</c>, required ones with <c>!</c>. Types: s text, i whole number,
/// n number, b boolean, t time, e email, p password, l list of texts, o object, v any value. PATCH is as PUT.
/// </summary>
internal static class RequestMembers
{
    private const string Quota = "tier_id:s user_id:s team_id:s api_key_id:s model_id:s";
    private const string Rates = "requests_per_minute:i requests_per_day:i tokens_per_minute:i tokens_per_day:i max_concurrent:i mode:s";
    private const string Prices =
        "is_free:b is_enabled:b input_token_cost:n output_token_cost:n cache_read_token_cost:n cache_write_token_cost:n "
        + "reasoning_token_cost:n input_audio_token_cost:n "
        + "output_audio_token_cost:n image_cost:n request_cost:n image_token_bound:i rates:o";
    private const string Model =
        "description:s features:s external_id:s aliases:l providers:l supported_openai_params:l max_input_tokens:i max_output_tokens:i "
        + "mode:s supports_vision:b "
        + "supports_function_calling:b supports_parallel_function_calling:b supports_web_search:b supports_reasoning:b "
        + "prompt_overhead_tokens:i tools_overhead_tokens:i reasoning_outside_max:b model_config:o";
    private const string User = "name:s username:s phone:s role:s tier_id:s monthly_token_limit:i billing_mode:s";
    private const string Company = "logo_url:s description:s external_id:s";
    private const string Tier = "description:s is_free:b price:n max_output_tokens:i billing_mode:s fail_open:b";
    private const string Key = "models:l allowed_ips:l expires_at:t max_budget:n budget_duration:s";
    private const string Message = "content:s! model:s attachments:v temperature:n max_tokens:i";
    private const string LiteLlmKey =
        "user_id:s team_id:s models:l max_budget:n budget_duration:s expires:t tpm_limit:i rpm_limit:i max_parallel_requests:i metadata:o";

    public static IReadOnlyDictionary<string, string> Bodies { get; } =
        new Dictionary<string, string>
        {
            ["POST /auth/register"] =
                "email:e! password:p! tier_name:s tier_id:s username:s name:s firstName:s lastName:s first_name:s last_name:s phone:s",
            ["POST /auth/login"] = "email:e! password:p!",
            ["POST /auth/refresh"] = "refresh_token:s",
            ["POST /auth/logout"] = "refresh_token:s all:b",
            ["POST /auth/session"] = "email:e! password:p!",
            ["PUT /users/me"] = "username:s name:s phone:s",
            ["POST /users/me/password"] = "old_password:p! new_password:p!",
            ["POST /users/{user_id}/api-keys"] = "name:s! team_id:s " + Key,
            ["PUT /api-keys/{key_id}"] = "name:s is_active:b " + Key,
            ["POST /api-keys/{key_id}/rotate"] = "overlap_seconds:i",
            ["PUT /users/{user_id}/budget"] = "monthly_limit:n!",
            ["POST /transactions/deposit"] = "amount:n! description:s",
            ["POST /admin/users/{user_id}/transactions"] = "type:s! amount:n! description:s status:s payment_provider:s payment_id:s",
            ["PUT /admin/transactions/{id}"] = "status:s!",
            ["POST /admin/users"] = "email:e! password:p! " + User,
            ["PUT /admin/users/{id}"] = "email:e password:p team_id:s is_active:b is_verified:b " + User,
            ["POST /admin/users/{id}/approve"] = "approved:b",
            ["POST /admin/approve/{id}"] = "approved:b",
            ["POST /admin/companies"] = "name:s! " + Company,
            ["PUT /admin/companies/{id}"] = "name:s " + Company,
            ["POST /admin/models"] = "company_id:s! name:s! " + Model,
            ["PUT /admin/models/{id}"] = "company_id:s name:s model_name:s " + Model,
            ["POST /admin/model-configs"] = "model_id:s! " + Prices,
            ["PUT /admin/model-configs/{id}"] = Prices,
            ["POST /admin/tiers"] = "name:s! " + Tier,
            ["PUT /admin/tiers/{id}"] = "name:s " + Tier,
            ["POST /admin/teams"] = "id:s name:s! description:s",
            ["PUT /admin/teams/{id}"] = "name:s description:s",
            ["POST /admin/rate-limits"] = Quota + " " + Rates,
            ["PUT /admin/rate-limits/{id}"] = Rates,
            ["POST /admin/budgets"] = "max_budget:n! budget_duration:s reset_at:t mode:s " + Quota,
            ["PUT /admin/budgets/{id}"] = "max_budget:n budget_duration:s reset_at:t mode:s",
            ["POST /currencies/convert"] = "amount:n! from_currency:s! to_currency:s!",
            ["PUT /admin/settings"] = "*:v",
            ["PUT /admin/settings/{key}"] = "value:v!",
            ["POST /admin/access-tokens"] = "name:s! role:s! expires_at:t allowed_ips:l",
            ["POST /admin/models/litellm"] = "model_name:s! litellm_params:o! model_info:o",
            ["PUT /admin/models/litellm"] = "model_id:s! model_name:s litellm_params:o model_info:o",
            ["POST /admin/litellm/models"] = "model_name:s! litellm_params:o! model_info:o",
            ["PUT /admin/litellm/models"] = "model_id:s! model_name:s model_info:o " + Model,
            ["POST /admin/budgets/litellm"] = "max_budget:n! budget_duration:s reset_at:t user_id:s team_id:s",
            ["PUT /admin/budgets/litellm"] = "id:s! max_budget:n budget_duration:s reset_at:t",
            ["POST /admin/litellm/users/keys"] = "key_alias:s! " + LiteLlmKey,
            ["PUT /admin/litellm/users/keys/{key_id}"] = "key_alias:s " + LiteLlmKey,
            ["POST /llm/chat/{chat_id}/message"] = Message,
            ["POST /llm/chat/{chat_id}/message/stream"] = Message,
            ["POST /chats"] = "title:s model_used:s model:s tags:l is_favorite:b folder_id:s",
            ["PUT /chats/{id}"] = "title:s model_used:s tags:l is_favorite:b is_archived:b is_deleted:b folder_id:s",
            ["POST /chats/restore"] = "ids:l!",
            ["POST /chats/delete"] = "ids:l!",
            ["PUT /profile"] = "values:l beliefs:l interests:l skills:l desires:l intentions:l likes:l dislikes:l loves:l hates:l",
            ["POST /admin/litellm/test-connection"] = "base_url:s api_key:s",
        };

    /// <summary>Beside <c>limit</c> and <c>offset</c>, which every list takes; by method and path.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } =
        new Dictionary<string, string>
        {
            ["GET /models"] = "company_id:s is_free:b is_enabled:b mode:s search:s",
            ["GET /admin/models"] = "company_id:s is_free:b is_enabled:b mode:s search:s",
            ["GET /companies"] = "search:s",
            ["GET /admin/companies"] = "search:s",
            ["GET /rate-limits"] = "model_id:s tier_id:s",
            ["GET /admin/rate-limits"] = "model_id:s tier_id:s scope:s",
            ["GET /admin/budgets"] = "user_id:s team_id:s api_key_id:s tier_id:s model_id:s scope:s",
            ["GET /admin/model-configs"] = "model_id:s",
            ["GET /admin/teams"] = "search:s",
            ["GET /admin/users"] = "role:s tier_id:s free_tier_status:s is_active:b search:s",
            ["GET /admin/deleted"] = "type:s is_held:b",
            ["GET /admin/events"] = "type:s scope:s scope_id:s from:t to:t",
            ["GET /admin/usage"] = "group_by:s from:t to:t user_id:s api_key_id:s model_id:s team_id:s tier_id:s",
            ["GET /admin/ledger/export"] = "from:t to:t",
            ["GET /admin/audit-logs"] = "actor_id:s action:s entity_type:s entity_id:s from:t to:t",
            ["GET /transactions"] = "type:s status:s from:t to:t",
            ["GET /admin/transactions"] = "user_id:s type:s status:s from:t to:t",
            ["GET /users/{user_id}/requests"] = "model_id:s date_from:t date_to:t",
            ["GET /users/{user_id}/usage-stats"] = "period:s",
            ["GET /requests"] = "page:i model_id:s date_from:t date_to:t user_id:s",
            ["GET /admin/requests"] = "page:i model_id:s date_from:t date_to:t user_id:s",
            ["GET /admin/requests/user/{user_id}"] = "page:i model_id:s date_from:t date_to:t",
            ["GET /admin/requests/model/{model_id}"] = "page:i date_from:t date_to:t",
            ["GET /stream/chat/{session_id}"] = "message:s! model:s temperature:n max_tokens:i",
            ["GET /chats"] = "include_archived:b include_deleted:b favorite:b search:s",
            ["GET /chats/{id}"] = "include_messages:b",
            ["DELETE /chats/{id}"] = "permanent:b",
            ["DELETE /admin/upload/logo"] = "url:s!",
            ["GET /currencies/exchange-rates"] = "from:s to:s",
            ["GET /admin/budgets/litellm/settings"] = "budget_id:s",
            ["GET /admin/litellm/users/info"] = "user_id:s",
            ["GET /admin/litellm/global/spend/logs"] = "start_date:s end_date:s user_id:s",
            ["GET /admin/litellm/global/activity"] = "start_date:s! end_date:s!",
        };
}
