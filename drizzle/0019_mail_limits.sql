CREATE TABLE "mail_account_pauses" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mail_account_pauses_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"account_id" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"detail" text DEFAULT '' NOT NULL,
	"resumed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "mail_account_usage" (
	"account_id" integer PRIMARY KEY NOT NULL,
	"minute_from" bigint DEFAULT 0 NOT NULL,
	"minute" integer[] DEFAULT '{}' NOT NULL,
	"hour_from" bigint DEFAULT 0 NOT NULL,
	"hour" integer[] DEFAULT '{}' NOT NULL,
	"day_from" bigint DEFAULT 0 NOT NULL,
	"day" integer[] DEFAULT '{}' NOT NULL,
	"granted_at" timestamp with time zone,
	"next_at" timestamp with time zone,
	"warmup_days" integer DEFAULT 0 NOT NULL,
	"warmup_on" date,
	"warmup_from" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "mail_breakers" (
	"account_id" integer NOT NULL,
	"provider" text NOT NULL,
	"sent" integer DEFAULT 0 NOT NULL,
	"bounced" integer DEFAULT 0 NOT NULL,
	"halved_at" timestamp with time zone NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"open_until" timestamp with time zone,
	"trying" boolean DEFAULT false NOT NULL,
	"openings" integer DEFAULT 0 NOT NULL,
	"reason" text,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "mail_breakers_account_id_provider_pk" PRIMARY KEY("account_id","provider")
);
--> statement-breakpoint
CREATE TABLE "mail_exchanges" (
	"domain" text PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"hosts" text[] DEFAULT '{}' NOT NULL,
	"checked_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mail_health" (
	"account_id" integer NOT NULL,
	"round" integer NOT NULL,
	"day" date NOT NULL,
	"sent" integer DEFAULT 0 NOT NULL,
	"refused" integer DEFAULT 0 NOT NULL,
	"bounced" integer DEFAULT 0 NOT NULL,
	"complained" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "mail_health_account_id_round_day_pk" PRIMARY KEY("account_id","round","day")
);
--> statement-breakpoint
CREATE TABLE "mail_provider_limits" (
	"account_id" integer NOT NULL,
	"provider" text NOT NULL,
	"per_minute" integer,
	"per_hour" integer,
	"per_day" integer,
	CONSTRAINT "mail_provider_limits_account_id_provider_pk" PRIMARY KEY("account_id","provider")
);
--> statement-breakpoint
CREATE TABLE "mail_provider_usage" (
	"account_id" integer NOT NULL,
	"provider" text NOT NULL,
	"minute_from" bigint DEFAULT 0 NOT NULL,
	"minute" integer[] DEFAULT '{}' NOT NULL,
	"hour_from" bigint DEFAULT 0 NOT NULL,
	"hour" integer[] DEFAULT '{}' NOT NULL,
	"day_from" bigint DEFAULT 0 NOT NULL,
	"day" integer[] DEFAULT '{}' NOT NULL,
	CONSTRAINT "mail_provider_usage_account_id_provider_pk" PRIMARY KEY("account_id","provider")
);
--> statement-breakpoint
ALTER TABLE "mail_account_pauses" ADD CONSTRAINT "mail_account_pauses_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_account_usage" ADD CONSTRAINT "mail_account_usage_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_breakers" ADD CONSTRAINT "mail_breakers_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_health" ADD CONSTRAINT "mail_health_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_provider_limits" ADD CONSTRAINT "mail_provider_limits_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_provider_usage" ADD CONSTRAINT "mail_provider_usage_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mail_account_pauses_account" ON "mail_account_pauses" USING btree ("account_id","at");--> statement-breakpoint
CREATE INDEX "mail_breakers_updated" ON "mail_breakers" USING btree ("updated_at");