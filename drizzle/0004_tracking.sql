CREATE TABLE "consent_withdrawals" (
	"address" text PRIMARY KEY NOT NULL,
	"message_id" integer,
	"active" boolean DEFAULT true NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "message_links" (
	"message_id" integer NOT NULL,
	"position" integer NOT NULL,
	"target" text NOT NULL,
	CONSTRAINT "message_links_message_id_position_pk" PRIMARY KEY("message_id","position")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"token" text NOT NULL,
	"company_id" integer,
	"campaign_id" integer,
	"recipient" text NOT NULL,
	"subject" text NOT NULL,
	"html" "bytea",
	"text" "bytea",
	"locale" text DEFAULT 'fr' NOT NULL,
	"opens" text NOT NULL,
	"clicks" text NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"message_id" text,
	"smtp_reply" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "suppressions" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "suppressions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"address" text NOT NULL,
	"scope" text NOT NULL,
	"campaign_id" integer,
	"reason" text DEFAULT '' NOT NULL,
	"source" text NOT NULL,
	"message_id" integer,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tracking_events" (
	"event_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"type" text NOT NULL,
	"message_id" integer,
	"campaign_id" integer,
	"link" text,
	"facts" jsonb NOT NULL,
	"detail" jsonb,
	"verdict" text,
	"reason" text,
	"judged_at" timestamp with time zone,
	CONSTRAINT "tracking_events_event_id_at_pk" PRIMARY KEY("event_id","at")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
-- Events of a clock gone wrong, and of a month whose table is not made yet.
CREATE TABLE "tracking_events_default" PARTITION OF "tracking_events" DEFAULT;
--> statement-breakpoint
CREATE TABLE "tracking_inbox" (
	"event_id" uuid NOT NULL,
	"type" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"message" text,
	"campaign_id" integer,
	"link" text,
	"facts" jsonb NOT NULL,
	"detail" jsonb,
	"verdict" text,
	"reason" text
);
--> statement-breakpoint
ALTER TABLE "consent_withdrawals" ADD CONSTRAINT "consent_withdrawals_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_links" ADD CONSTRAINT "message_links_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_company_id_companies_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "messages_token" ON "messages" USING btree ("token");--> statement-breakpoint
CREATE INDEX "messages_recipient" ON "messages" USING btree (lower("recipient"));--> statement-breakpoint
CREATE INDEX "messages_company" ON "messages" USING btree ("company_id");--> statement-breakpoint
CREATE INDEX "messages_campaign" ON "messages" USING btree ("campaign_id");--> statement-breakpoint
CREATE INDEX "messages_message_id" ON "messages" USING btree ("message_id");--> statement-breakpoint
CREATE UNIQUE INDEX "suppressions_address" ON "suppressions" USING btree ("address","scope",coalesce("campaign_id", 0));--> statement-breakpoint
CREATE INDEX "tracking_events_at" ON "tracking_events" USING brin ("at");--> statement-breakpoint
CREATE INDEX "tracking_events_message" ON "tracking_events" USING btree ("message_id") WHERE message_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "tracking_events_campaign" ON "tracking_events" USING btree ("campaign_id","type") WHERE campaign_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "tracking_events_unjudged" ON "tracking_events" USING btree ("at") WHERE judged_at IS NULL;
--> statement-breakpoint
-- Which of these addresses stands in the message with this token: what the edge asks for old-form links.
CREATE FUNCTION track_link(message_token text, targets text[]) RETURNS text
  LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, public
  AS $$
    SELECT link.target FROM public.messages message
    JOIN public.message_links link ON link.message_id = message.id
    WHERE message.token = message_token AND link.target = ANY (targets) LIMIT 1
  $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION track_link(text, text[]) FROM PUBLIC;
