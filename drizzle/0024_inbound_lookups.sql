ALTER TABLE "inbound_mails" ADD COLUMN "move_problem" text;--> statement-breakpoint
CREATE INDEX "inbound_mails_mail" ON "inbound_mails" USING btree ("mail_id");--> statement-breakpoint
CREATE INDEX "inbound_mails_unread" ON "inbound_mails" USING btree ("received_at") WHERE read_at IS NULL;