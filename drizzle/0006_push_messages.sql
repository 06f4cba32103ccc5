CREATE TABLE "push_messages" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "push_messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"device_id" integer NOT NULL,
	"kind" text NOT NULL,
	"values" jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"ticket" text,
	"reason" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_try_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "push_messages" ADD CONSTRAINT "push_messages_device_id_push_devices_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."push_devices"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "push_messages_due" ON "push_messages" USING btree ("next_try_at") WHERE state IN ('waiting', 'sent');--> statement-breakpoint
CREATE INDEX "push_messages_device" ON "push_messages" USING btree ("device_id");--> statement-breakpoint
CREATE INDEX "companies_live" ON "companies" USING btree ("id") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "companies_sector" ON "companies" USING btree ("sector","id") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "companies_place" ON "companies" USING btree ("latitude","longitude") WHERE deleted_at IS NULL AND latitude IS NOT NULL;--> statement-breakpoint
CREATE INDEX "companies_other_phone" ON "companies" USING btree (regexp_replace(phone, '[^0-9]', '', 'g')) WHERE phone_e164 IS NULL AND phone IS NOT NULL;--> statement-breakpoint
CREATE INDEX "companies_to_score" ON "companies" USING btree ("id") WHERE score IS NOT NULL AND scored_at IS NULL AND deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "facts_contact" ON "facts" USING btree ("kind",lower(coalesce(correction ->> 'value', value))) WHERE kind IN ('email', 'phone');--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("webhook_id","next_try_at") WHERE state = 'waiting';