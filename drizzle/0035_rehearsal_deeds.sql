CREATE TABLE "rehearsal_deeds" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rehearsal_deeds_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"due_at" timestamp with time zone NOT NULL,
	"happened_at" timestamp with time zone NOT NULL,
	"header_id" text NOT NULL,
	"deed" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "rehearsal_deeds_due" ON "rehearsal_deeds" USING btree ("due_at");