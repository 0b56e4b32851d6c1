using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>
/// The first schema, for every provider: column types are left to the provider. Written by hand, and never edited: what comes later is a
/// migration of its own. The schema tests compare it with <see cref="HubDbContext"/> on every database.
/// </summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261121000000_InitialSchema")]
internal sealed class InitialSchema : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            "teams",
            table => new
            {
                id = table.Column<string>(maxLength: 64, nullable: false),
                name = table.Column<string>(maxLength: 255, nullable: false),
                description = table.Column<string>(nullable: true),
                created_at = table.Column<DateTime>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_teams", t => t.id);
            }
        );

        migration.CreateTable(
            "tiers",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                name = table.Column<string>(maxLength: 255, nullable: false),
                name_key = table.Column<string>(maxLength: 255, nullable: false),
                description = table.Column<string>(nullable: true),
                is_free = table.Column<bool>(nullable: false),
                price_nano_usd = table.Column<long>(nullable: false),
                max_output_tokens = table.Column<long>(nullable: true),
                billing_mode = table.Column<string>(maxLength: 20, nullable: true),
                fail_open = table.Column<bool>(nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_tiers", t => t.id);
            }
        );

        migration.CreateTable(
            "users",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                email = table.Column<string>(maxLength: 255, nullable: false),
                username = table.Column<string>(maxLength: 100, nullable: false),
                username_key = table.Column<string>(maxLength: 100, nullable: false),
                name = table.Column<string>(maxLength: 255, nullable: true),
                search_key = table.Column<string>(maxLength: 640, nullable: false),
                phone = table.Column<string>(maxLength: 20, nullable: true),
                password_hash = table.Column<string>(maxLength: 255, nullable: false),
                role = table.Column<string>(maxLength: 20, nullable: false),
                tier_id = table.Column<string>(maxLength: 36, nullable: false),
                team_id = table.Column<string>(maxLength: 64, nullable: true),
                is_active = table.Column<bool>(nullable: false),
                is_verified = table.Column<bool>(nullable: false),
                is_guest = table.Column<bool>(nullable: false),
                expires_at = table.Column<DateTime>(nullable: true),
                free_tier_status = table.Column<string>(maxLength: 20, nullable: false),
                monthly_token_limit = table.Column<long>(nullable: true),
                billing_mode = table.Column<string>(maxLength: 20, nullable: true),
                created_at = table.Column<DateTime>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
                last_login_at = table.Column<DateTime>(nullable: true),
                deleted_at = table.Column<DateTime>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_users", t => t.id);
                table.ForeignKey("fk_users_tier_id", t => t.tier_id, "tiers", "id", onDelete: ReferentialAction.Restrict);
                table.ForeignKey("fk_users_team_id", t => t.team_id, "teams", "id", onDelete: ReferentialAction.Restrict);
            }
        );

        migration.CreateTable(
            "user_accounts",
            table => new
            {
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                balance_nano_usd = table.Column<long>(nullable: false),
                total_spent_nano_usd = table.Column<long>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_user_accounts", t => t.user_id);
            }
        );

        migration.CreateTable(
            "transactions",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                type = table.Column<string>(maxLength: 20, nullable: false),
                amount_nano_usd = table.Column<long>(nullable: false),
                status = table.Column<string>(maxLength: 20, nullable: false),
                description = table.Column<string>(nullable: true),
                balance_after_nano_usd = table.Column<long>(nullable: true),
                payment_provider = table.Column<string>(maxLength: 50, nullable: true),
                payment_id = table.Column<string>(maxLength: 255, nullable: true),
                created_at = table.Column<DateTime>(nullable: false),
                completed_at = table.Column<DateTime>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_transactions", t => t.id);
            }
        );

        migration.CreateTable(
            "currencies",
            table => new
            {
                id = table.Column<string>(maxLength: 3, nullable: false),
                name = table.Column<string>(maxLength: 100, nullable: false),
                symbol = table.Column<string>(maxLength: 10, nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_currencies", t => t.id);
            }
        );

        migration.CreateTable(
            "exchange_rates",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                from_currency = table.Column<string>(maxLength: 3, nullable: false),
                to_currency = table.Column<string>(maxLength: 3, nullable: false),
                rate = table.Column<decimal>(precision: 20, scale: 10, nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_exchange_rates", t => t.id);
            }
        );

        migration.CreateTable(
            "access_tokens",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                name = table.Column<string>(maxLength: 255, nullable: false),
                public_id = table.Column<string>(maxLength: 32, nullable: false),
                secret_hash = table.Column<string>(maxLength: 64, nullable: false),
                role = table.Column<string>(maxLength: 20, nullable: false),
                allowed_ips = table.Column<string>(nullable: false),
                created_by = table.Column<string>(maxLength: 36, nullable: false),
                expires_at = table.Column<DateTime>(nullable: true),
                created_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_access_tokens", t => t.id);
            }
        );

        migration.CreateTable(
            "sessions",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
                last_used_at = table.Column<DateTime>(nullable: false),
                expires_at = table.Column<DateTime>(nullable: false),
                revoked_at = table.Column<DateTime>(nullable: true),
                revoke_reason = table.Column<string>(maxLength: 50, nullable: true),
                ip = table.Column<string>(maxLength: 45, nullable: true),
                user_agent = table.Column<string>(maxLength: 255, nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_sessions", t => t.id);
                table.ForeignKey("fk_sessions_user_id", t => t.user_id, "users", "id", onDelete: ReferentialAction.Cascade);
            }
        );

        migration.CreateTable(
            "refresh_tokens",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                session_id = table.Column<string>(maxLength: 36, nullable: false),
                issued_at = table.Column<DateTime>(nullable: false),
                expires_at = table.Column<DateTime>(nullable: false),
                used_at = table.Column<DateTime>(nullable: true),
                replaced_by = table.Column<string>(maxLength: 36, nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_refresh_tokens", t => t.id);
                table.ForeignKey("fk_refresh_tokens_session_id", t => t.session_id, "sessions", "id", onDelete: ReferentialAction.Cascade);
            }
        );

        migration.CreateTable(
            "external_identities",
            table => new
            {
                issuer = table.Column<string>(maxLength: 255, nullable: false),
                subject_hash = table.Column<string>(maxLength: 64, nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                claims_issued_at = table.Column<DateTime>(nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_external_identities", t => new { t.issuer, t.subject_hash });
                table.ForeignKey("fk_external_identities_user_id", t => t.user_id, "users", "id", onDelete: ReferentialAction.Cascade);
            }
        );

        migration.CreateTable(
            "api_keys",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                team_id = table.Column<string>(maxLength: 64, nullable: true),
                name = table.Column<string>(maxLength: 255, nullable: false),
                public_id = table.Column<string>(maxLength: 32, nullable: false),
                secret_hash = table.Column<string>(maxLength: 64, nullable: false),
                previous_secret_hash = table.Column<string>(maxLength: 64, nullable: true),
                previous_secret_ends_at = table.Column<DateTime>(nullable: true),
                preview = table.Column<string>(maxLength: 20, nullable: false),
                external_id = table.Column<string>(maxLength: 255, nullable: true),
                expires_at = table.Column<DateTime>(nullable: true),
                is_active = table.Column<bool>(nullable: false),
                models = table.Column<string>(nullable: false),
                allowed_ips = table.Column<string>(nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
                deleted_at = table.Column<DateTime>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_api_keys", t => t.id);
                table.ForeignKey("fk_api_keys_user_id", t => t.user_id, "users", "id", onDelete: ReferentialAction.Cascade);
            }
        );

        migration.CreateTable(
            "api_key_usage",
            table => new
            {
                api_key_id = table.Column<string>(maxLength: 36, nullable: false),
                model_id = table.Column<string>(maxLength: 36, nullable: false),
                request_count = table.Column<long>(nullable: false),
                total_cost_nano_usd = table.Column<long>(nullable: false),
                last_used_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_api_key_usage", t => new { t.api_key_id, t.model_id });
            }
        );

        migration.CreateTable(
            "companies",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                name = table.Column<string>(maxLength: 255, nullable: false),
                logo_url = table.Column<string>(maxLength: 2048, nullable: true),
                description = table.Column<string>(nullable: true),
                external_id = table.Column<string>(maxLength: 255, nullable: true),
                created_at = table.Column<DateTime>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_companies", t => t.id);
            }
        );

        migration.CreateTable(
            "models",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                company_id = table.Column<string>(maxLength: 36, nullable: false),
                name = table.Column<string>(maxLength: 255, nullable: false),
                description = table.Column<string>(nullable: true),
                features = table.Column<string>(nullable: true),
                external_id = table.Column<string>(maxLength: 255, nullable: true),
                aliases = table.Column<string>(nullable: false),
                providers = table.Column<string>(nullable: false),
                supported_open_ai_params = table.Column<string>(nullable: false),
                max_input_tokens = table.Column<long>(nullable: true),
                max_output_tokens = table.Column<long>(nullable: true),
                mode = table.Column<string>(maxLength: 50, nullable: false),
                supports_vision = table.Column<bool>(nullable: false),
                supports_function_calling = table.Column<bool>(nullable: false),
                supports_parallel_function_calling = table.Column<bool>(nullable: false),
                supports_web_search = table.Column<bool>(nullable: false),
                supports_reasoning = table.Column<bool>(nullable: false),
                prompt_overhead_tokens = table.Column<long>(nullable: true),
                tools_overhead_tokens = table.Column<long>(nullable: true),
                reasoning_outside_max = table.Column<bool>(nullable: false),
                admin_edited = table.Column<string>(nullable: false),
                last_synced_at = table.Column<DateTime>(nullable: true),
                created_at = table.Column<DateTime>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_models", t => t.id);
                table.ForeignKey("fk_models_company_id", t => t.company_id, "companies", "id", onDelete: ReferentialAction.Restrict);
            }
        );

        migration.CreateTable(
            "model_configs",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                model_id = table.Column<string>(maxLength: 36, nullable: false),
                is_free = table.Column<bool>(nullable: false),
                is_enabled = table.Column<bool>(nullable: false),
                price_source = table.Column<string>(maxLength: 20, nullable: false),
                image_token_bound = table.Column<long>(nullable: true),
                created_at = table.Column<DateTime>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_model_configs", t => t.id);
                table.ForeignKey("fk_model_configs_model_id", t => t.model_id, "models", "id", onDelete: ReferentialAction.Cascade);
            }
        );

        migration.CreateTable(
            "model_rates",
            table => new
            {
                model_id = table.Column<string>(maxLength: 36, nullable: false),
                rate_key = table.Column<string>(maxLength: 64, nullable: false),
                pico_usd = table.Column<long>(nullable: false),
                source = table.Column<string>(maxLength: 20, nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_model_rates", t => new { t.model_id, t.rate_key });
                table.ForeignKey("fk_model_rates_model_id", t => t.model_id, "models", "id", onDelete: ReferentialAction.Cascade);
            }
        );

        migration.CreateTable(
            "rate_limits",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                tier_id = table.Column<string>(maxLength: 36, nullable: true),
                user_id = table.Column<string>(maxLength: 36, nullable: true),
                team_id = table.Column<string>(maxLength: 64, nullable: true),
                api_key_id = table.Column<string>(maxLength: 36, nullable: true),
                model_id = table.Column<string>(maxLength: 36, nullable: true),
                scope_key = table.Column<string>(maxLength: 160, nullable: false),
                requests_per_minute = table.Column<long>(nullable: false),
                requests_per_day = table.Column<long>(nullable: false),
                tokens_per_minute = table.Column<long>(nullable: false),
                tokens_per_day = table.Column<long>(nullable: false),
                max_concurrent = table.Column<long>(nullable: false),
                mode = table.Column<string>(maxLength: 20, nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_rate_limits", t => t.id);
                table.ForeignKey("fk_rate_limits_tier_id", t => t.tier_id, "tiers", "id", onDelete: ReferentialAction.Cascade);
                table.ForeignKey("fk_rate_limits_model_id", t => t.model_id, "models", "id", onDelete: ReferentialAction.Cascade);
            }
        );

        migration.CreateTable(
            "budgets",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: true),
                team_id = table.Column<string>(maxLength: 64, nullable: true),
                api_key_id = table.Column<string>(maxLength: 36, nullable: true),
                tier_id = table.Column<string>(maxLength: 36, nullable: true),
                model_id = table.Column<string>(maxLength: 36, nullable: true),
                max_budget_nano_usd = table.Column<long>(nullable: false),
                budget_duration = table.Column<string>(maxLength: 50, nullable: true),
                reset_anchor = table.Column<DateTime>(nullable: true),
                external_id = table.Column<string>(maxLength: 255, nullable: true),
                source = table.Column<string>(maxLength: 20, nullable: false),
                mode = table.Column<string>(maxLength: 20, nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_budgets", t => t.id);
            }
        );

        migration.CreateTable(
            "budget_spend",
            table => new
            {
                budget_id = table.Column<string>(maxLength: 36, nullable: false),
                subject_id = table.Column<string>(maxLength: 36, nullable: false),
                window_start = table.Column<DateTime>(nullable: false),
                spent_nano_usd = table.Column<long>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey(
                    "pk_budget_spend",
                    t => new
                    {
                        t.budget_id,
                        t.window_start,
                        t.subject_id,
                    }
                );
            }
        );

        migration.CreateTable(
            "events",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                type = table.Column<string>(maxLength: 64, nullable: false),
                dedupe_key = table.Column<string>(maxLength: 200, nullable: false),
                scope = table.Column<string>(maxLength: 20, nullable: true),
                scope_id = table.Column<string>(maxLength: 64, nullable: true),
                data = table.Column<string>(nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
                delivered_at = table.Column<DateTime>(nullable: true),
                delivery_attempts = table.Column<int>(nullable: false),
                next_delivery_at = table.Column<DateTime>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_events", t => t.id);
            }
        );

        migration.CreateTable(
            "usage_records",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                attempts = table.Column<int>(nullable: false),
                external_request_id = table.Column<string>(maxLength: 255, nullable: true),
                client_request_id = table.Column<string>(maxLength: 64, nullable: true),
                upstream_model_id = table.Column<string>(maxLength: 255, nullable: true),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                api_key_id = table.Column<string>(maxLength: 36, nullable: true),
                team_id = table.Column<string>(maxLength: 64, nullable: true),
                tier_id = table.Column<string>(maxLength: 36, nullable: false),
                model_id = table.Column<string>(maxLength: 36, nullable: false),
                model_name = table.Column<string>(maxLength: 255, nullable: false),
                provider = table.Column<string>(maxLength: 100, nullable: true),
                call_type = table.Column<string>(maxLength: 50, nullable: false),
                status = table.Column<string>(maxLength: 20, nullable: false),
                outcome = table.Column<string>(maxLength: 50, nullable: false),
                http_status = table.Column<int>(nullable: false),
                is_stream = table.Column<bool>(nullable: false),
                service_tier = table.Column<string>(maxLength: 20, nullable: false),
                is_counted = table.Column<bool>(nullable: false),
                is_prepaid = table.Column<bool>(nullable: false),
                held_nano_usd = table.Column<long>(nullable: false),
                usage_source = table.Column<string>(maxLength: 20, nullable: false),
                corrects_id = table.Column<string>(maxLength: 36, nullable: true),
                input_tokens = table.Column<long>(nullable: false),
                cache_read_tokens = table.Column<long>(nullable: false),
                cache_write_tokens = table.Column<long>(nullable: false),
                cache_write1h_tokens = table.Column<long>(nullable: false),
                input_audio_tokens = table.Column<long>(nullable: false),
                input_image_tokens = table.Column<long>(nullable: false),
                input_video_tokens = table.Column<long>(nullable: false),
                output_tokens = table.Column<long>(nullable: false),
                reasoning_tokens = table.Column<long>(nullable: false),
                output_audio_tokens = table.Column<long>(nullable: false),
                output_image_tokens = table.Column<long>(nullable: false),
                web_searches = table.Column<long>(nullable: false),
                input_cost_nano_usd = table.Column<long>(nullable: false),
                output_cost_nano_usd = table.Column<long>(nullable: false),
                total_cost_nano_usd = table.Column<long>(nullable: false),
                upstream_cost_nano_usd = table.Column<long>(nullable: true),
                admitted_at = table.Column<DateTime>(nullable: false),
                first_byte_at = table.Column<DateTime>(nullable: true),
                ended_at = table.Column<DateTime>(nullable: false),
                cache_hit = table.Column<bool>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_usage_records", t => t.id);
            }
        );

        migration.CreateTable(
            "request_contents",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                request = table.Column<string>(nullable: false),
                response = table.Column<string>(nullable: false),
                is_cut = table.Column<bool>(nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_request_contents", t => t.id);
            }
        );

        migration.CreateTable(
            "ledger_horizon",
            table => new { id = table.Column<int>(nullable: false), deleted_before = table.Column<DateTime>(nullable: false) },
            constraints: table =>
            {
                table.PrimaryKey("pk_ledger_horizon", t => t.id);
            }
        );

        migration.CreateTable(
            "usage_hourly",
            table => new
            {
                bucket_start = table.Column<DateTime>(nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                api_key_id = table.Column<string>(maxLength: 36, nullable: false),
                model_id = table.Column<string>(maxLength: 36, nullable: false),
                team_id = table.Column<string>(maxLength: 64, nullable: false),
                tier_id = table.Column<string>(maxLength: 36, nullable: false),
                requests = table.Column<long>(nullable: false),
                counted_requests = table.Column<long>(nullable: false),
                failed_requests = table.Column<long>(nullable: false),
                estimated_requests = table.Column<long>(nullable: false),
                prepaid_requests = table.Column<long>(nullable: false),
                input_tokens = table.Column<long>(nullable: false),
                cache_read_tokens = table.Column<long>(nullable: false),
                cache_write_tokens = table.Column<long>(nullable: false),
                input_media_tokens = table.Column<long>(nullable: false),
                output_tokens = table.Column<long>(nullable: false),
                reasoning_tokens = table.Column<long>(nullable: false),
                output_media_tokens = table.Column<long>(nullable: false),
                total_cost_nano_usd = table.Column<long>(nullable: false),
                output_cost_nano_usd = table.Column<long>(nullable: false),
                upstream_cost_nano_usd = table.Column<long>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey(
                    "pk_usage_hourly",
                    t => new
                    {
                        t.bucket_start,
                        t.user_id,
                        t.api_key_id,
                        t.model_id,
                        t.team_id,
                        t.tier_id,
                    }
                );
            }
        );

        migration.CreateTable(
            "usage_daily",
            table => new
            {
                bucket_start = table.Column<DateTime>(nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                api_key_id = table.Column<string>(maxLength: 36, nullable: false),
                model_id = table.Column<string>(maxLength: 36, nullable: false),
                team_id = table.Column<string>(maxLength: 64, nullable: false),
                tier_id = table.Column<string>(maxLength: 36, nullable: false),
                requests = table.Column<long>(nullable: false),
                counted_requests = table.Column<long>(nullable: false),
                failed_requests = table.Column<long>(nullable: false),
                estimated_requests = table.Column<long>(nullable: false),
                prepaid_requests = table.Column<long>(nullable: false),
                input_tokens = table.Column<long>(nullable: false),
                cache_read_tokens = table.Column<long>(nullable: false),
                cache_write_tokens = table.Column<long>(nullable: false),
                input_media_tokens = table.Column<long>(nullable: false),
                output_tokens = table.Column<long>(nullable: false),
                reasoning_tokens = table.Column<long>(nullable: false),
                output_media_tokens = table.Column<long>(nullable: false),
                total_cost_nano_usd = table.Column<long>(nullable: false),
                output_cost_nano_usd = table.Column<long>(nullable: false),
                upstream_cost_nano_usd = table.Column<long>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey(
                    "pk_usage_daily",
                    t => new
                    {
                        t.bucket_start,
                        t.user_id,
                        t.api_key_id,
                        t.model_id,
                        t.team_id,
                        t.tier_id,
                    }
                );
            }
        );

        migration.CreateTable(
            "usage_totals",
            table => new
            {
                grain = table.Column<string>(maxLength: 16, nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                bucket_start = table.Column<DateTime>(nullable: false),
                team_id = table.Column<string>(maxLength: 64, nullable: false),
                model_id = table.Column<string>(maxLength: 36, nullable: false),
                tier_id = table.Column<string>(maxLength: 36, nullable: false),
                requests = table.Column<long>(nullable: false),
                counted_requests = table.Column<long>(nullable: false),
                failed_requests = table.Column<long>(nullable: false),
                estimated_requests = table.Column<long>(nullable: false),
                prepaid_requests = table.Column<long>(nullable: false),
                input_tokens = table.Column<long>(nullable: false),
                cache_read_tokens = table.Column<long>(nullable: false),
                cache_write_tokens = table.Column<long>(nullable: false),
                input_media_tokens = table.Column<long>(nullable: false),
                output_tokens = table.Column<long>(nullable: false),
                reasoning_tokens = table.Column<long>(nullable: false),
                output_media_tokens = table.Column<long>(nullable: false),
                total_cost_nano_usd = table.Column<long>(nullable: false),
                output_cost_nano_usd = table.Column<long>(nullable: false),
                upstream_cost_nano_usd = table.Column<long>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey(
                    "pk_usage_totals",
                    t => new
                    {
                        t.grain,
                        t.user_id,
                        t.bucket_start,
                        t.team_id,
                        t.model_id,
                        t.tier_id,
                    }
                );
            }
        );

        migration.CreateTable(
            "row_counts",
            table => new
            {
                list = table.Column<string>(maxLength: 32, nullable: false),
                day = table.Column<DateTime>(nullable: false),
                kind = table.Column<string>(maxLength: 64, nullable: false),
                detail = table.Column<string>(maxLength: 32, nullable: false),
                entries = table.Column<long>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey(
                    "pk_row_counts",
                    t => new
                    {
                        t.list,
                        t.day,
                        t.kind,
                        t.detail,
                    }
                );
            }
        );

        migration.CreateTable(
            "policy_revision",
            table => new { id = table.Column<int>(nullable: false), revision = table.Column<long>(nullable: false) },
            constraints: table =>
            {
                table.PrimaryKey("pk_policy_revision", t => t.id);
            }
        );

        migration.CreateTable(
            "change_log",
            table => new
            {
                revision = table.Column<long>(nullable: false),
                entity_type = table.Column<string>(maxLength: 32, nullable: false),
                entity_id = table.Column<string>(maxLength: 64, nullable: false),
                entity_key = table.Column<string>(maxLength: 128, nullable: true),
                changed_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_change_log", t => t.revision);
            }
        );

        migration.CreateTable(
            "audit_log",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                actor_id = table.Column<string>(maxLength: 36, nullable: true),
                actor_role = table.Column<string>(maxLength: 20, nullable: true),
                action = table.Column<string>(maxLength: 64, nullable: false),
                entity_type = table.Column<string>(maxLength: 32, nullable: false),
                entity_id = table.Column<string>(maxLength: 64, nullable: false),
                before = table.Column<string>(nullable: true),
                after = table.Column<string>(nullable: true),
                ip = table.Column<string>(maxLength: 45, nullable: true),
                request_id = table.Column<string>(maxLength: 64, nullable: true),
                created_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_audit_log", t => t.id);
            }
        );

        migration.CreateTable(
            "settings",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                key = table.Column<string>(maxLength: 100, nullable: false),
                value = table.Column<string>(nullable: false),
                description = table.Column<string>(nullable: false),
                type = table.Column<string>(maxLength: 20, nullable: false),
                category = table.Column<string>(maxLength: 50, nullable: false),
                is_secret = table.Column<bool>(nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_settings", t => t.id);
            }
        );

        migration.CreateIndex("ix_users_email", "users", "email", unique: true);
        migration.CreateIndex("ix_users_username_key", "users", "username_key", unique: true);
        migration.CreateIndex("ix_users_phone", "users", "phone", unique: true);
        migration.CreateIndex("ix_users_tier_id_deleted_at", "users", ["tier_id", "deleted_at"]);
        migration.CreateIndex("ix_users_team_id_deleted_at", "users", ["team_id", "deleted_at"]);
        // Lists of users, counted, searched and filtered, are answered from indexes; the rows of a page alone are read. SQLite takes the
        // first of these for all of it. PostgreSQL does not take the order from an index that begins with a column that is null, and counts
        // from the smallest that knows what is asked for.
        migration.CreateIndex(
            "ix_users_list",
            "users",
            ["deleted_at", "created_at", "id", "search_key", "role", "tier_id", "is_active", "free_tier_status"]
        );
        migration.CreateIndex(
            "ix_users_newest",
            "users",
            ["created_at", "id", "search_key", "role", "tier_id", "is_active", "free_tier_status"],
            filter: "deleted_at IS NULL"
        );
        migration.CreateIndex(
            "ix_users_counts",
            "users",
            ["role", "tier_id", "is_active", "free_tier_status"],
            filter: "deleted_at IS NULL"
        );
        migration.CreateIndex(
            "ix_users_search",
            "users",
            ["search_key", "role", "is_active", "free_tier_status"],
            filter: "deleted_at IS NULL"
        );
        migration.CreateIndex("ix_user_accounts_updated_at", "user_accounts", "updated_at");
        migration.CreateIndex(
            "ix_transactions_user_id_created_at_type_status",
            "transactions",
            ["user_id", "created_at", "type", "status"]
        );
        migration.CreateIndex("ix_transactions_created_at", "transactions", "created_at");
        migration.CreateIndex("ix_transactions_status_created_at", "transactions", ["status", "created_at"]);
        migration.CreateIndex("ix_transactions_type_created_at", "transactions", ["type", "created_at"]);
        migration.CreateIndex(
            "ix_transactions_payment_provider_payment_id",
            "transactions",
            ["payment_provider", "payment_id"],
            unique: true
        );
        migration.CreateIndex(
            "ix_exchange_rates_from_currency_to_currency",
            "exchange_rates",
            ["from_currency", "to_currency"],
            unique: true
        );
        migration.CreateIndex("ix_access_tokens_public_id", "access_tokens", "public_id", unique: true);
        migration.CreateIndex("ix_sessions_user_id", "sessions", "user_id");
        migration.CreateIndex("ix_refresh_tokens_session_id", "refresh_tokens", "session_id");
        migration.CreateIndex("ix_external_identities_user_id", "external_identities", "user_id");
        migration.CreateIndex("ix_tiers_name_key", "tiers", "name_key", unique: true);
        migration.CreateIndex("ix_companies_external_id", "companies", "external_id", unique: true);
        migration.CreateIndex("ix_models_external_id", "models", "external_id", unique: true);
        migration.CreateIndex("ix_models_company_id", "models", "company_id");
        migration.CreateIndex("ix_model_configs_model_id", "model_configs", "model_id", unique: true);
        migration.CreateIndex("ix_api_keys_public_id", "api_keys", "public_id", unique: true);
        migration.CreateIndex("ix_api_keys_user_id", "api_keys", "user_id");
        migration.CreateIndex("ix_rate_limits_scope_key", "rate_limits", "scope_key", unique: true);
        migration.CreateIndex("ix_rate_limits_user_id", "rate_limits", "user_id");
        migration.CreateIndex("ix_rate_limits_team_id", "rate_limits", "team_id");
        migration.CreateIndex("ix_rate_limits_api_key_id", "rate_limits", "api_key_id");
        migration.CreateIndex("ix_rate_limits_model_id", "rate_limits", "model_id");
        migration.CreateIndex("ix_rate_limits_tier_id", "rate_limits", "tier_id");
        migration.CreateIndex("ix_rate_limits_list", "rate_limits", ["created_at", "id", "tier_id", "user_id", "team_id", "api_key_id"]);
        migration.CreateIndex("ix_budgets_list", "budgets", ["created_at", "id", "tier_id", "user_id", "team_id", "api_key_id"]);
        migration.CreateIndex("ix_budgets_user_id", "budgets", "user_id");
        migration.CreateIndex("ix_budgets_team_id", "budgets", "team_id");
        migration.CreateIndex("ix_budgets_api_key_id", "budgets", "api_key_id");
        migration.CreateIndex("ix_budgets_tier_id", "budgets", "tier_id");
        migration.CreateIndex("ix_budgets_model_id", "budgets", "model_id");
        migration.CreateIndex("ix_budgets_external_id", "budgets", "external_id", unique: true);
        migration.CreateIndex("ix_events_dedupe_key", "events", "dedupe_key", unique: true);
        migration.CreateIndex("ix_events_created_at", "events", "created_at");
        migration.CreateIndex("ix_events_type_created_at", "events", ["type", "created_at"]);
        migration.CreateIndex("ix_events_scope_created_at", "events", ["scope", "created_at"]);
        migration.CreateIndex("ix_events_scope_id_created_at", "events", ["scope_id", "created_at"]);
        migration.CreateIndex("ix_events_next_delivery_at", "events", "next_delivery_at");
        migration.CreateIndex(
            "ix_usage_records_user_id_admitted_at_corrects_id",
            "usage_records",
            ["user_id", "admitted_at", "corrects_id"]
        );
        migration.CreateIndex(
            "ix_usage_records_team_id_admitted_at",
            "usage_records",
            ["team_id", "admitted_at"],
            filter: "team_id IS NOT NULL"
        );
        migration.CreateIndex("ix_usage_records_api_key_id_admitted_at", "usage_records", ["api_key_id", "admitted_at"]);
        migration.CreateIndex(
            "ix_usage_records_model_id_admitted_at_corrects_id",
            "usage_records",
            ["model_id", "admitted_at", "corrects_id"]
        );
        migration.CreateIndex("ix_usage_records_admitted_at_corrects_id", "usage_records", ["admitted_at", "corrects_id"]);
        migration.CreateIndex("ix_usage_records_prepaid", "usage_records", ["admitted_at", "total_cost_nano_usd"], filter: "is_prepaid");
        migration.CreateIndex("ix_request_contents_created_at", "request_contents", "created_at");
        migration.CreateIndex(
            "ix_usage_records_corrects_id",
            "usage_records",
            "corrects_id",
            unique: true,
            filter: "corrects_id IS NOT NULL"
        );
        migration.CreateIndex("ix_usage_records_bound", "usage_records", "admitted_at", filter: "usage_source = 'bound'");
        migration.CreateIndex("ix_usage_hourly_user_id_bucket_start", "usage_hourly", ["user_id", "bucket_start"]);
        migration.CreateIndex("ix_usage_hourly_api_key_id_bucket_start", "usage_hourly", ["api_key_id", "bucket_start"]);
        migration.CreateIndex("ix_usage_daily_user_id_bucket_start", "usage_daily", ["user_id", "bucket_start"]);
        migration.CreateIndex("ix_usage_daily_team_id_bucket_start", "usage_daily", ["team_id", "bucket_start"]);
        migration.CreateIndex("ix_usage_daily_api_key_id_bucket_start", "usage_daily", ["api_key_id", "bucket_start"]);
        migration.CreateIndex("ix_audit_log_created_at", "audit_log", "created_at");
        migration.CreateIndex("ix_audit_log_actor_id_created_at", "audit_log", ["actor_id", "created_at"]);
        migration.CreateIndex("ix_audit_log_action_created_at_entity_type", "audit_log", ["action", "created_at", "entity_type"]);
        migration.CreateIndex("ix_audit_log_entity_id_created_at", "audit_log", ["entity_id", "created_at"]);
        migration.CreateIndex("ix_audit_log_entity_type_created_at", "audit_log", ["entity_type", "created_at"]);
        migration.CreateIndex("ix_settings_key", "settings", "key", unique: true);

        migration.Sql("INSERT INTO policy_revision (id, revision) VALUES (1, 0)");
    }

    protected override void Down(MigrationBuilder migration)
    {
        foreach (
            var table in new[]
            {
                "settings",
                "audit_log",
                "change_log",
                "policy_revision",
                "row_counts",
                "usage_totals",
                "usage_daily",
                "usage_hourly",
                "ledger_horizon",
                "request_contents",
                "usage_records",
                "events",
                "budget_spend",
                "budgets",
                "rate_limits",
                "model_rates",
                "model_configs",
                "models",
                "companies",
                "api_key_usage",
                "api_keys",
                "refresh_tokens",
                "sessions",
                "external_identities",
                "access_tokens",
                "exchange_rates",
                "currencies",
                "transactions",
                "user_accounts",
                "users",
                "tiers",
                "teams",
            }
        )
        {
            migration.DropTable(table);
        }
    }
}
