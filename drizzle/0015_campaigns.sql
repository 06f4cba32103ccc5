CREATE TABLE "campaign_log" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "campaign_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"campaign_id" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"user_id" integer,
	"kind" text NOT NULL,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaign_messages" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "campaign_messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"campaign_id" integer NOT NULL,
	"step_id" integer NOT NULL,
	"variant_id" integer NOT NULL,
	"company_id" integer,
	"account_id" integer NOT NULL,
	"address" text NOT NULL,
	"contact_name" text,
	"provider" text NOT NULL,
	"state" text DEFAULT 'planned' NOT NULL,
	"reason" text,
	"reply" text,
	"due_at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"claimed_by" text,
	"claimed_at" timestamp with time zone,
	"message_id" integer,
	"sent_at" timestamp with time zone,
	"delivered_at" timestamp with time zone,
	"bounce_kind" text,
	"bounced_at" timestamp with time zone,
	"replied_at" timestamp with time zone,
	"unsubscribed_at" timestamp with time zone,
	"complained_at" timestamp with time zone,
	"rehearsed" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaign_steps" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "campaign_steps_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"campaign_id" integer NOT NULL,
	"position" integer NOT NULL,
	"delay_days" integer DEFAULT 0 NOT NULL,
	"condition" text DEFAULT 'always' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaign_variants" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "campaign_variants_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"step_id" integer NOT NULL,
	"label" text NOT NULL,
	"template_id" integer,
	"subject" text NOT NULL,
	"html" text NOT NULL,
	"text" text DEFAULT '' NOT NULL,
	"weight" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "campaigns_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"kind" text DEFAULT 'real' NOT NULL,
	"state" text DEFAULT 'draft' NOT NULL,
	"locale" text DEFAULT 'fr' NOT NULL,
	"audience" jsonb NOT NULL,
	"recipients" jsonb NOT NULL,
	"account_ids" integer[] DEFAULT '{}'::integer[] NOT NULL,
	"opens" text,
	"clicks" text,
	"calendar" jsonb,
	"freshness_days" integer DEFAULT 30,
	"overrides" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"scheduled_at" timestamp with time zone,
	"started_at" timestamp with time zone,
	"pause_reason" text,
	"pause_detail" text,
	"paused_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"copied_from_id" integer,
	"created_by" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "mail_accounts" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mail_accounts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"slug" text NOT NULL,
	"label" text NOT NULL,
	"brand" text DEFAULT '' NOT NULL,
	"origin" text DEFAULT 'made' NOT NULL,
	"sender_name" text DEFAULT '' NOT NULL,
	"sender_address" text NOT NULL,
	"reply_to" text,
	"signature" text DEFAULT '' NOT NULL,
	"organisation" text DEFAULT '' NOT NULL,
	"contact_line" text DEFAULT '' NOT NULL,
	"host" text NOT NULL,
	"port" integer NOT NULL,
	"tls" text NOT NULL,
	"username" text,
	"password" "bytea",
	"verp" boolean DEFAULT false NOT NULL,
	"dkim_selector" text,
	"imap_host" text,
	"imap_port" integer,
	"imap_tls" text,
	"imap_username" text,
	"imap_password" "bytea",
	"imap_folder" text DEFAULT 'INBOX' NOT NULL,
	"imap_move_to" text,
	"per_minute" integer,
	"per_hour" integer,
	"per_day" integer,
	"min_gap_ms" integer DEFAULT 0 NOT NULL,
	"gap_jitter_ms" integer DEFAULT 0 NOT NULL,
	"warmup_first_day" integer,
	"warmup_step" integer,
	"warmup_started_at" timestamp with time zone,
	"calendar" jsonb,
	"active" boolean DEFAULT true NOT NULL,
	"paused_at" timestamp with time zone,
	"pause_reason" text,
	"pause_detail" text,
	"last_test" jsonb,
	"last_imap_test" jsonb,
	"last_dns" jsonb,
	"last_dns_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "inbound_mails" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "inbound_mails_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"account_id" integer,
	"folder" text NOT NULL,
	"uid_validity" bigint NOT NULL,
	"uid" bigint NOT NULL,
	"kind" text NOT NULL,
	"status" text,
	"diagnostic" text,
	"reason" text NOT NULL,
	"matched_by" text NOT NULL,
	"message_id" integer,
	"company_id" integer,
	"recipient" text,
	"mail_id" text,
	"mail_references" text,
	"from_address" text,
	"from_name" text,
	"subject" text DEFAULT '' NOT NULL,
	"text" "bytea",
	"received_at" timestamp with time zone NOT NULL,
	"read_by" integer,
	"read_at" timestamp with time zone,
	"answer_id" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mailbox_positions" (
	"account_id" integer NOT NULL,
	"folder" text NOT NULL,
	"uid_validity" bigint NOT NULL,
	"last_uid" bigint NOT NULL,
	"read_at" timestamp with time zone,
	"problem" text,
	CONSTRAINT "mailbox_positions_account_id_folder_pk" PRIMARY KEY("account_id","folder")
);
--> statement-breakpoint
CREATE TABLE "segments" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "segments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"audience" jsonb NOT NULL,
	"created_by" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mail_images" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mail_images_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"file_name" text NOT NULL,
	"content_type" text NOT NULL,
	"width" integer,
	"height" integer,
	"bytes" "bytea" NOT NULL,
	"created_by" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mail_templates" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mail_templates_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"category" text DEFAULT '' NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"locale" text DEFAULT 'fr' NOT NULL,
	"subject" text NOT NULL,
	"html" text NOT NULL,
	"text" text DEFAULT '' NOT NULL,
	"starter" text,
	"created_by" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "account_id" integer;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "envelope_from" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "in_reply_to" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "mail_references" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "evidence" jsonb;--> statement-breakpoint
ALTER TABLE "campaign_log" ADD CONSTRAINT "campaign_log_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_log" ADD CONSTRAINT "campaign_log_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_messages" ADD CONSTRAINT "campaign_messages_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_messages" ADD CONSTRAINT "campaign_messages_step_id_campaign_steps_id_fk" FOREIGN KEY ("step_id") REFERENCES "public"."campaign_steps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_messages" ADD CONSTRAINT "campaign_messages_variant_id_campaign_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."campaign_variants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_messages" ADD CONSTRAINT "campaign_messages_company_id_companies_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_messages" ADD CONSTRAINT "campaign_messages_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_messages" ADD CONSTRAINT "campaign_messages_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_steps" ADD CONSTRAINT "campaign_steps_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_variants" ADD CONSTRAINT "campaign_variants_step_id_campaign_steps_id_fk" FOREIGN KEY ("step_id") REFERENCES "public"."campaign_steps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbound_mails" ADD CONSTRAINT "inbound_mails_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbound_mails" ADD CONSTRAINT "inbound_mails_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbound_mails" ADD CONSTRAINT "inbound_mails_company_id_companies_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbound_mails" ADD CONSTRAINT "inbound_mails_read_by_users_id_fk" FOREIGN KEY ("read_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbound_mails" ADD CONSTRAINT "inbound_mails_answer_id_messages_id_fk" FOREIGN KEY ("answer_id") REFERENCES "public"."messages"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailbox_positions" ADD CONSTRAINT "mailbox_positions_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "segments" ADD CONSTRAINT "segments_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_images" ADD CONSTRAINT "mail_images_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_templates" ADD CONSTRAINT "mail_templates_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "campaign_log_campaign" ON "campaign_log" USING btree ("campaign_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "campaign_messages_once" ON "campaign_messages" USING btree ("campaign_id","step_id","address");--> statement-breakpoint
CREATE INDEX "campaign_messages_due" ON "campaign_messages" USING btree ("account_id","due_at","id") WHERE state = 'planned';--> statement-breakpoint
CREATE INDEX "campaign_messages_taken" ON "campaign_messages" USING btree ("claimed_at") WHERE state IN ('claimed', 'sending');--> statement-breakpoint
CREATE INDEX "campaign_messages_state" ON "campaign_messages" USING btree ("campaign_id","state");--> statement-breakpoint
CREATE INDEX "campaign_messages_company" ON "campaign_messages" USING btree ("company_id");--> statement-breakpoint
CREATE INDEX "campaign_messages_address" ON "campaign_messages" USING btree ("address");--> statement-breakpoint
CREATE UNIQUE INDEX "campaign_messages_message" ON "campaign_messages" USING btree ("message_id");--> statement-breakpoint
CREATE UNIQUE INDEX "campaign_steps_position" ON "campaign_steps" USING btree ("campaign_id","position");--> statement-breakpoint
CREATE UNIQUE INDEX "campaign_variants_label" ON "campaign_variants" USING btree ("step_id","label");--> statement-breakpoint
CREATE INDEX "campaigns_state" ON "campaigns" USING btree ("state") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "mail_accounts_slug" ON "mail_accounts" USING btree ("slug") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "mail_accounts_environment" ON "mail_accounts" USING btree ("origin") WHERE origin = 'environment' AND deleted_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "inbound_mails_place" ON "inbound_mails" USING btree ("account_id","folder","uid_validity","uid");--> statement-breakpoint
CREATE INDEX "inbound_mails_message" ON "inbound_mails" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "inbound_mails_company" ON "inbound_mails" USING btree ("company_id","received_at");--> statement-breakpoint
CREATE INDEX "inbound_mails_received" ON "inbound_mails" USING btree ("kind","received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "segments_name" ON "segments" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "mail_images_key" ON "mail_images" USING btree ("key");--> statement-breakpoint
CREATE INDEX "mail_images_created" ON "mail_images" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "mail_templates_starter" ON "mail_templates" USING btree ("starter","locale") WHERE starter IS NOT NULL AND deleted_at IS NULL;