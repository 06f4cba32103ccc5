/** A mail that says that another, which we sent, came back for good: as Postfix writes it. */
export const bounceOf = (recipient: string, messageId: string, to = 'anne@agence.fr') => `Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: ${to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <b.${messageId.slice(1)}
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

<${recipient}>: host mx said: 550 5.1.1 user unknown

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ${recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--B
Content-Type: text/rfc822-headers

Message-ID: ${messageId}
From: anne@agence.fr
To: ${recipient}

--B--
`
