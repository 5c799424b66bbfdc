BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('f2a7d81c9b46');
CREATE TABLE attempt (
	id INTEGER NOT NULL, 
	message_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	started_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	outcome VARCHAR(24), 
	code VARCHAR(255) NOT NULL, 
	said TEXT NOT NULL, 
	cost NUMERIC(12, 4), 
	CONSTRAINT pk_attempt PRIMARY KEY (id), 
	CONSTRAINT fk_attempt_message_id_message FOREIGN KEY(message_id) REFERENCES message (id) ON DELETE CASCADE, 
	CONSTRAINT uq_attempt_message_id_number UNIQUE (message_id, number), 
	CONSTRAINT attemptoutcome CHECK (outcome IN ('sent', 'failed', 'unknown', 'not_sent'))
);
INSERT INTO "attempt" VALUES(1,1,1,'Hi there, spring is here.','2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000','sent','','',0.015);
INSERT INTO "attempt" VALUES(2,2,1,'Hi there, spring is here.','2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000','sent','','',0.015);
INSERT INTO "attempt" VALUES(3,3,1,'Hi there, spring is here.','2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000','unknown','','',0.015);
INSERT INTO "attempt" VALUES(4,4,1,'Hi there, spring is here.','2026-11-24 09:00:00.000000',NULL,NULL,'','',NULL);
INSERT INTO "attempt" VALUES(5,5,1,'Hi there, spring is here.','2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000','failed','349','',0.015);
CREATE TABLE audit_entry (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	operator_id INTEGER, 
	actor VARCHAR(255) NOT NULL, 
	action VARCHAR(255) NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	subject_id INTEGER, 
	label TEXT NOT NULL, 
	detail JSON NOT NULL, 
	CONSTRAINT pk_audit_entry PRIMARY KEY (id)
);
INSERT INTO "audit_entry" VALUES(1,'2026-11-24 09:00:00.000000',NULL,'Ines Laurent','operator.create','operator',1,'Ines Laurent','{"role": "admin"}');
INSERT INTO "audit_entry" VALUES(2,'2026-11-24 09:00:00.000000',NULL,'Ines Laurent','operator.create','operator',2,'Bo Berg','{"role": "marketer"}');
INSERT INTO "audit_entry" VALUES(3,'2026-11-24 09:00:00.000000',NULL,'Ines Laurent','delivery.create','delivery',1,'Open on Saturday','{}');
INSERT INTO "audit_entry" VALUES(4,'2026-11-24 09:00:00.000000',NULL,'Ines Laurent','delivery.edit','delivery',1,'Open on Saturday','{"fields": ["content"]}');
INSERT INTO "audit_entry" VALUES(5,'2026-11-24 09:00:00.000000',NULL,'Ines Laurent','delivery.create','delivery',2,'Winter list','{}');
INSERT INTO "audit_entry" VALUES(6,'2026-11-24 09:00:00.000000',NULL,'Ines Laurent','delivery.edit','delivery',2,'Winter list','{"fields": ["content"]}');
INSERT INTO "audit_entry" VALUES(7,'2026-11-24 09:00:00.000000',NULL,'Ines Laurent','delivery.create','delivery',3,'Winter list, proof','{}');
INSERT INTO "audit_entry" VALUES(8,'2026-11-24 09:00:00.000000',NULL,'Ines Laurent','delivery.edit','delivery',3,'Winter list, proof','{"fields": ["content"]}');
INSERT INTO "audit_entry" VALUES(9,'2026-11-24 09:00:00.000000',NULL,'Ines Laurent','delivery.create','delivery',4,'A draft','{}');
INSERT INTO "audit_entry" VALUES(10,'2026-11-24 09:00:00.000000',NULL,'Ines Laurent','delivery.edit','delivery',4,'A draft','{"fields": ["content"]}');
CREATE TABLE charge (
	service_id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	operation VARCHAR(255) NOT NULL, 
	variant VARCHAR(255) NOT NULL, 
	calls INTEGER NOT NULL, 
	amount NUMERIC(14, 4) NOT NULL, 
	CONSTRAINT pk_charge PRIMARY KEY (service_id, day, operation, variant), 
	CONSTRAINT fk_charge_service_id_service FOREIGN KEY(service_id) REFERENCES service (id)
);
INSERT INTO "charge" VALUES(1,'2026-11-24','post.create','',3,0.045);
CREATE TABLE delivery (
	id INTEGER NOT NULL, 
	channel VARCHAR(255) NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	label VARCHAR(255) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	template_id INTEGER, 
	parent_id INTEGER, 
	number INTEGER, 
	content TEXT NOT NULL, 
	content_hash VARCHAR(255) NOT NULL, 
	revision INTEGER NOT NULL, 
	audience VARCHAR(24) NOT NULL, 
	filters JSON NOT NULL, 
	everyone_accepted_by VARCHAR(255) NOT NULL, 
	everyone_accepted_at DATETIME, 
	proof_service_id INTEGER, 
	proof_visitor_id INTEGER, 
	scheduled_at DATETIME, 
	valid_for INTEGER NOT NULL, 
	expires_at DATETIME, 
	wave_size INTEGER, 
	late_policy VARCHAR(24) NOT NULL, 
	analysis JSON NOT NULL, 
	analysed_at DATETIME, 
	accepted_warnings JSON NOT NULL, 
	approved_at DATETIME, 
	approved_by VARCHAR(255) NOT NULL, 
	confirmed_at DATETIME, 
	confirmed_by VARCHAR(255) NOT NULL, 
	started_at DATETIME, 
	finished_at DATETIME, 
	resume_at DATETIME, 
	held_by TEXT NOT NULL, 
	leased_until DATETIME, 
	created_by VARCHAR(255) NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	removed_at DATETIME, cost NUMERIC(12, 4) DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_delivery PRIMARY KEY (id), 
	CONSTRAINT ck_delivery_proof_is_numbered CHECK ((parent_id IS NULL) = (number IS NULL)), 
	CONSTRAINT fk_delivery_parent_id_delivery FOREIGN KEY(parent_id) REFERENCES delivery (id), 
	CONSTRAINT fk_delivery_proof_service_id_service FOREIGN KEY(proof_service_id) REFERENCES service (id), 
	CONSTRAINT fk_delivery_proof_visitor_id_visitor FOREIGN KEY(proof_visitor_id) REFERENCES visitor (id) ON DELETE SET NULL, 
	CONSTRAINT fk_delivery_template_id_template FOREIGN KEY(template_id) REFERENCES template (id), 
	CONSTRAINT uq_delivery_parent_id_number UNIQUE (parent_id, number), 
	CONSTRAINT deliverykind CHECK (kind IN ('post', 'direct')), 
	CONSTRAINT deliverystate CHECK (state IN ('draft', 'analysing', 'ready', 'rejected', 'scheduled', 'sending', 'retrying', 'paused', 'finished', 'stopped')), 
	CONSTRAINT audience CHECK (audience IN ('consented', 'everyone')), 
	CONSTRAINT latepolicy CHECK (late_policy IN ('ask', 'send'))
);
INSERT INTO "delivery" VALUES(1,'x','post','Open on Saturday','finished',1,NULL,NULL,'Spring is here.','dbd91e2252ee106c45b0b8a5197614c4d89b25db4ea91a21937061502b258cd8',2,'consented','[]','',NULL,2,NULL,NULL,432000,NULL,NULL,'ask','{}',NULL,'[]',NULL,'',NULL,'',NULL,'2026-11-24 09:00:00.000000',NULL,'',NULL,'Ines Laurent','2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000',NULL,0);
INSERT INTO "delivery" VALUES(2,'x','direct','Winter list','paused',2,NULL,NULL,'Hi {first name|there}, spring is here. {opt-out line}','79351e63f67b3dd0057dc7a7cbfc6753ad58ebfc7877bbeecf09b205054c9b21',2,'consented','[]','',NULL,2,NULL,NULL,432000,NULL,NULL,'ask','{}',NULL,'[]',NULL,'','2026-11-24 09:00:00.000000','Bo Berg','2026-11-24 09:00:00.000000',NULL,NULL,'',NULL,'Ines Laurent','2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000',NULL,0);
INSERT INTO "delivery" VALUES(3,'x','direct','Winter list, proof','finished',2,2,1,'Hi {first name|there}, spring is here. {opt-out line}','79351e63f67b3dd0057dc7a7cbfc6753ad58ebfc7877bbeecf09b205054c9b21',2,'consented','[]','',NULL,2,NULL,NULL,432000,NULL,NULL,'ask','{}',NULL,'[]',NULL,'',NULL,'',NULL,NULL,NULL,'',NULL,'Ines Laurent','2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000',NULL,0);
INSERT INTO "delivery" VALUES(4,'x','direct','A draft','draft',2,NULL,NULL,'Hi {first name|there}, spring is here. {opt-out line}','79351e63f67b3dd0057dc7a7cbfc6753ad58ebfc7877bbeecf09b205054c9b21',2,'consented','[]','',NULL,2,NULL,NULL,432000,NULL,NULL,'ask','{}',NULL,'[]',NULL,'',NULL,'',NULL,NULL,NULL,'',NULL,'Ines Laurent','2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000',NULL,0);
CREATE TABLE delivery_service (
	delivery_id INTEGER NOT NULL, 
	service_id INTEGER NOT NULL, 
	CONSTRAINT pk_delivery_service PRIMARY KEY (delivery_id, service_id), 
	CONSTRAINT fk_delivery_service_delivery_id_delivery FOREIGN KEY(delivery_id) REFERENCES delivery (id) ON DELETE CASCADE, 
	CONSTRAINT fk_delivery_service_service_id_service FOREIGN KEY(service_id) REFERENCES service (id)
);
INSERT INTO "delivery_service" VALUES(1,1);
INSERT INTO "delivery_service" VALUES(2,1);
INSERT INTO "delivery_service" VALUES(3,2);
INSERT INTO "delivery_service" VALUES(4,1);
CREATE TABLE folder (
	id INTEGER NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_folder PRIMARY KEY (id), 
	CONSTRAINT uq_folder_kind_name UNIQUE (kind, name), 
	CONSTRAINT folderkind CHECK (kind IN ('services', 'visitors', 'workflows'))
);
INSERT INTO "folder" VALUES(1,'services','Services');
INSERT INTO "folder" VALUES(2,'visitors','Visitors');
INSERT INTO "folder" VALUES(3,'workflows','Managing social networks');
CREATE TABLE heartbeat (
	process VARCHAR(255) NOT NULL, 
	seen_at DATETIME NOT NULL, 
	held_by VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_heartbeat PRIMARY KEY (process)
);
CREATE TABLE inbound_note (
	id INTEGER NOT NULL, 
	service_id INTEGER NOT NULL, 
	visitor_id INTEGER NOT NULL, 
	remote_id VARCHAR(255) NOT NULL, 
	text TEXT NOT NULL, 
	wish VARCHAR(255) NOT NULL, 
	received_at DATETIME NOT NULL, 
	read_at DATETIME NOT NULL, 
	CONSTRAINT pk_inbound_note PRIMARY KEY (id), 
	CONSTRAINT fk_inbound_note_service_id_service FOREIGN KEY(service_id) REFERENCES service (id), 
	CONSTRAINT fk_inbound_note_visitor_id_visitor FOREIGN KEY(visitor_id) REFERENCES visitor (id) ON DELETE CASCADE, 
	CONSTRAINT uq_inbound_note_service_id_remote_id UNIQUE (service_id, remote_id)
);
INSERT INTO "inbound_note" VALUES(1,1,1,'7001','When do you open on Saturday?','','2026-11-24 08:00:00.000000','2026-11-24 09:00:00.000000');
INSERT INTO "inbound_note" VALUES(2,1,3,'7002','STOP','stop','2026-11-24 06:00:00.000000','2026-11-24 09:00:00.000000');
CREATE TABLE login_throttle (
	"key" VARCHAR(255) NOT NULL, 
	failures INTEGER NOT NULL, 
	failed_at DATETIME NOT NULL, 
	blocked_until DATETIME, 
	CONSTRAINT pk_login_throttle PRIMARY KEY ("key")
);
CREATE TABLE message (
	id INTEGER NOT NULL, 
	delivery_id INTEGER NOT NULL, 
	service_id INTEGER NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	visitor_id INTEGER, 
	subscription_id INTEGER, 
	recipient VARCHAR(255) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	reason VARCHAR(255) NOT NULL, 
	said TEXT NOT NULL, 
	tries INTEGER NOT NULL, 
	due_at DATETIME, 
	leased_until DATETIME, 
	remote_id VARCHAR(255), 
	remote_url TEXT, 
	sent_at DATETIME, 
	changed_at DATETIME NOT NULL, taken_back_at DATETIME, 
	CONSTRAINT pk_message PRIMARY KEY (id), 
	CONSTRAINT fk_message_delivery_id_delivery FOREIGN KEY(delivery_id) REFERENCES delivery (id) ON DELETE CASCADE, 
	CONSTRAINT fk_message_service_id_service FOREIGN KEY(service_id) REFERENCES service (id), 
	CONSTRAINT fk_message_subscription_id_subscription FOREIGN KEY(subscription_id) REFERENCES subscription (id) ON DELETE SET NULL, 
	CONSTRAINT fk_message_visitor_id_visitor FOREIGN KEY(visitor_id) REFERENCES visitor (id) ON DELETE SET NULL, 
	CONSTRAINT uq_message_delivery_id_recipient UNIQUE (delivery_id, recipient), 
	CONSTRAINT deliverykind CHECK (kind IN ('post', 'direct')), 
	CONSTRAINT messagestate CHECK (state IN ('ignored', 'pending', 'sending', 'sent', 'failed', 'unknown', 'cancelled'))
);
INSERT INTO "message" VALUES(1,1,1,'post',NULL,NULL,'service:1','sent','','',1,NULL,NULL,'50001','https://x.com/ateliernord/status/50001','2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000',NULL);
INSERT INTO "message" VALUES(2,2,1,'direct',1,1,'visitor:1','sent','','',1,NULL,NULL,'60001',NULL,'2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000',NULL);
INSERT INTO "message" VALUES(3,2,1,'direct',2,2,'visitor:2','unknown','no_answer','The connection broke off.',1,NULL,NULL,NULL,NULL,NULL,'2026-11-24 09:00:00.000000',NULL);
INSERT INTO "message" VALUES(4,2,1,'direct',5,5,'visitor:5','sending','','',1,NULL,'2026-11-24 09:00:00.000000',NULL,NULL,NULL,'2026-11-24 09:00:00.000000',NULL);
INSERT INTO "message" VALUES(5,2,1,'direct',4,4,'visitor:4','failed','closed','takes no messages',1,NULL,NULL,NULL,NULL,NULL,'2026-11-24 09:00:00.000000',NULL);
INSERT INTO "message" VALUES(6,2,1,'direct',3,3,'visitor:3','ignored','opted_out','',0,NULL,NULL,NULL,NULL,NULL,'2026-11-24 09:00:00.000000',NULL);
CREATE TABLE operator (
	id INTEGER NOT NULL, 
	email VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	role VARCHAR(24) NOT NULL, 
	password_hash TEXT, 
	session_token VARCHAR(255) NOT NULL, 
	invitation_hash VARCHAR(255), 
	invited_until DATETIME, 
	language VARCHAR(255) NOT NULL, 
	time_zone VARCHAR(255) NOT NULL, 
	theme VARCHAR(255) NOT NULL, 
	active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	last_login_at DATETIME, 
	CONSTRAINT pk_operator PRIMARY KEY (id), 
	CONSTRAINT uq_operator_email UNIQUE (email), 
	CONSTRAINT uq_operator_invitation_hash UNIQUE (invitation_hash), 
	CONSTRAINT role CHECK (role IN ('admin', 'marketer', 'reviewer', 'viewer'))
);
INSERT INTO "operator" VALUES(1,'ines@ateliernord.example','Ines Laurent','admin','$argon2id$v=19$m=65536,t=3,p=4$PAE3DSAaTtutXOASMcKY+w$vfXtFXjqjxMmDYZ2Q8Oo6aA1zOlpXZ+SvjS4gxqRkqk','5P4hXDwoQEphy2S0tHYaxNolk-3XMHCM',NULL,NULL,'en','Europe/Paris','auto',1,'2026-11-30 02:04:23.089940',NULL);
INSERT INTO "operator" VALUES(2,'bo@ateliernord.example','Bo Berg','marketer',NULL,'A12k88MHao06v8x5b-8zKm3SKQNTIOPb',NULL,NULL,'en','Europe/Paris','auto',1,'2026-11-30 02:04:23.092647',NULL);
CREATE TABLE quota_window (
	id INTEGER NOT NULL, 
	holder VARCHAR(255) NOT NULL, 
	operation VARCHAR(255) NOT NULL, 
	seconds INTEGER NOT NULL, 
	cap INTEGER NOT NULL, 
	used INTEGER NOT NULL, 
	resets_at DATETIME NOT NULL, 
	stated_at DATETIME, 
	CONSTRAINT pk_quota_window PRIMARY KEY (id), 
	CONSTRAINT uq_quota_window_holder_operation_seconds UNIQUE (holder, operation, seconds)
);
INSERT INTO "quota_window" VALUES(1,'service:1','direct.send',86400,250,3,'2026-11-25 09:00:00.000000',NULL);
CREATE TABLE run (
	id INTEGER NOT NULL, 
	workflow_id INTEGER NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	started_by VARCHAR(255) NOT NULL, 
	created_at DATETIME NOT NULL, 
	started_at DATETIME, 
	ended_at DATETIME, 
	resume_at DATETIME NOT NULL, 
	leased_until DATETIME, 
	stop_asked BOOLEAN NOT NULL, 
	done INTEGER NOT NULL, 
	total INTEGER, 
	place JSON NOT NULL, 
	counts JSON NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_run PRIMARY KEY (id), 
	CONSTRAINT fk_run_workflow_id_workflow FOREIGN KEY(workflow_id) REFERENCES workflow (id) ON DELETE CASCADE, 
	CONSTRAINT runstate CHECK (state IN ('queued', 'running', 'waiting', 'done', 'failed', 'stopped'))
);
INSERT INTO "run" VALUES(1,1,'done','Ines Laurent','2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000',NULL,0,6,6,'{}','{"new": 6}','');
CREATE TABLE run_entry (
	id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	level VARCHAR(255) NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_run_entry PRIMARY KEY (id), 
	CONSTRAINT fk_run_entry_run_id_run FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE CASCADE
);
INSERT INTO "run_entry" VALUES(1,1,'2026-11-24 09:00:00.000000','info','6 followers of @ateliernord');
CREATE TABLE service (
	id INTEGER NOT NULL, 
	kind VARCHAR(255) NOT NULL, 
	label VARCHAR(255) NOT NULL, 
	internal_name VARCHAR(255) NOT NULL, 
	remote_id VARCHAR(255) NOT NULL, 
	folder_id INTEGER NOT NULL, 
	visitor_folder_id INTEGER NOT NULL, 
	is_test BOOLEAN NOT NULL, 
	sync_subscriptions BOOLEAN NOT NULL, 
	settings JSON NOT NULL, 
	memory JSON NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	fault TEXT NOT NULL, 
	account JSON NOT NULL, 
	checks JSON NOT NULL, 
	account_read_at DATETIME, 
	checked_at DATETIME, 
	inbox_read_at DATETIME, 
	inbox_read_to DATETIME, 
	inbox_cursor TEXT, 
	inbox_walk_at DATETIME, 
	inbox_walk_newest DATETIME, 
	daily_cap INTEGER NOT NULL, 
	monthly_budget NUMERIC(12, 4), 
	created_at DATETIME NOT NULL, 
	removed_at DATETIME, 
	CONSTRAINT pk_service PRIMARY KEY (id), 
	CONSTRAINT ck_service_daily_cap_positive CHECK (daily_cap > 0), 
	CONSTRAINT fk_service_folder_id_folder FOREIGN KEY(folder_id) REFERENCES folder (id), 
	CONSTRAINT fk_service_visitor_folder_id_folder FOREIGN KEY(visitor_folder_id) REFERENCES folder (id), 
	CONSTRAINT uq_service_kind_remote_id UNIQUE (kind, remote_id), 
	CONSTRAINT servicestate CHECK (state IN ('connected', 'needs_fixing'))
);
INSERT INTO "service" VALUES(1,'x','Atelier Nord','ateliernord','1501',1,2,0,1,'{}','{}','connected','','{"name": "Atelier Nord", "followers": 6}','[]',NULL,NULL,'2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000',NULL,NULL,NULL,250,12.5,'2026-11-24 09:00:00.000000',NULL);
INSERT INTO "service" VALUES(2,'x','Atelier Nord, proofs','atelierproof','1502',1,2,1,1,'{}','{}','connected','','{}','[]',NULL,NULL,'2026-11-24 09:00:00.000000',NULL,NULL,NULL,NULL,250,NULL,'2026-11-24 09:00:00.000000',NULL);
CREATE TABLE service_secret (
	service_id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	locked BLOB NOT NULL, 
	changed_at DATETIME NOT NULL, 
	CONSTRAINT pk_service_secret PRIMARY KEY (service_id, name), 
	CONSTRAINT fk_service_secret_service_id_service FOREIGN KEY(service_id) REFERENCES service (id) ON DELETE CASCADE
);
INSERT INTO "service_secret" VALUES(1,'token',X'6741414141414272444E6D6E77354D6963675072786C5546444E2D4D492D396E332D4465714741504D5662764D4542335675534A51736C4641454E6E2D7A69466E384278625750386E6B5135534830754C6F485A564E5957616B486C3542355359413D3D','2026-11-24 09:00:00.000000');
INSERT INTO "service_secret" VALUES(2,'token',X'6741414141414272444E6D6E4C3362785931596E4F6C333933764F417854474C4E7773524274594C4D7A493861717745686537622D2D3434624D447452327859307032693251554C7967386172744379695574633975596F435751716959643569773D3D','2026-11-24 09:00:00.000000');
CREATE TABLE subscription (
	id INTEGER NOT NULL, 
	service_id INTEGER NOT NULL, 
	visitor_id INTEGER NOT NULL, 
	followed_at DATETIME, 
	ended_at DATETIME, 
	seen_run_id INTEGER, 
	wrote_first_at DATETIME, 
	opted_in_at DATETIME, 
	opt_in_proof TEXT NOT NULL, 
	opted_out_at DATETIME, 
	quarantined_at DATETIME, 
	quarantine_reason TEXT NOT NULL, 
	soft_failures INTEGER NOT NULL, 
	last_soft_failure_at DATETIME, 
	last_message_at DATETIME, 
	CONSTRAINT pk_subscription PRIMARY KEY (id), 
	CONSTRAINT fk_subscription_service_id_service FOREIGN KEY(service_id) REFERENCES service (id), 
	CONSTRAINT fk_subscription_visitor_id_visitor FOREIGN KEY(visitor_id) REFERENCES visitor (id) ON DELETE CASCADE, 
	CONSTRAINT uq_subscription_service_id_visitor_id UNIQUE (service_id, visitor_id)
);
INSERT INTO "subscription" VALUES(1,1,1,'2026-11-24 09:00:00.000000',NULL,NULL,'2026-11-24 08:00:00.000000',NULL,'',NULL,NULL,'',0,NULL,NULL);
INSERT INTO "subscription" VALUES(2,1,2,'2026-11-24 09:00:00.000000',NULL,NULL,NULL,'2026-11-24 07:00:00.000000','paper, fair of 20 November',NULL,NULL,'',0,NULL,NULL);
INSERT INTO "subscription" VALUES(3,1,3,'2026-11-24 09:00:00.000000',NULL,NULL,NULL,NULL,'','2026-11-24 06:00:00.000000',NULL,'',0,NULL,NULL);
INSERT INTO "subscription" VALUES(4,1,4,'2026-11-24 09:00:00.000000',NULL,NULL,'2026-11-24 09:00:00.000000',NULL,'',NULL,'2026-11-24 09:00:00.000000','takes no messages',0,NULL,NULL);
INSERT INTO "subscription" VALUES(5,1,5,'2026-11-24 09:00:00.000000',NULL,NULL,NULL,NULL,'',NULL,NULL,'',0,NULL,NULL);
CREATE TABLE template (
	id INTEGER NOT NULL, 
	channel VARCHAR(255) NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	content TEXT NOT NULL, 
	built_in BOOLEAN NOT NULL, 
	proof_service_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_template PRIMARY KEY (id), 
	CONSTRAINT fk_template_proof_service_id_service FOREIGN KEY(proof_service_id) REFERENCES service (id), 
	CONSTRAINT uq_template_channel_name UNIQUE (channel, name), 
	CONSTRAINT deliverykind CHECK (kind IN ('post', 'direct'))
);
INSERT INTO "template" VALUES(1,'x','post','Post','',1,NULL,'2026-11-24 09:00:00.000000');
INSERT INTO "template" VALUES(2,'x','direct','Direct message','Hi {first name|there},



{opt-out line}',1,NULL,'2026-11-24 09:00:00.000000');
CREATE TABLE visitor (
	id INTEGER NOT NULL, 
	kind VARCHAR(255) NOT NULL, 
	remote_id VARCHAR(255) NOT NULL, 
	origin VARCHAR(255) NOT NULL, 
	handle VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	handle_key VARCHAR(255) NOT NULL, 
	name_key VARCHAR(255) NOT NULL, 
	friends INTEGER, 
	verified BOOLEAN, 
	protected BOOLEAN, 
	accepts_messages BOOLEAN, 
	avatar_url TEXT, 
	folder_id INTEGER NOT NULL, 
	first_seen_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_visitor PRIMARY KEY (id), 
	CONSTRAINT fk_visitor_folder_id_folder FOREIGN KEY(folder_id) REFERENCES folder (id), 
	CONSTRAINT uq_visitor_kind_remote_id UNIQUE (kind, remote_id)
);
INSERT INTO "visitor" VALUES(1,'x','9000','sync','hakon','Håkon Lie','hakon','håkon lie',0,NULL,NULL,1,NULL,2,'2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000');
INSERT INTO "visitor" VALUES(2,'x','9001','sync','sofia','Sofia López','sofia','sofia lópez',100,NULL,NULL,1,NULL,2,'2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000');
INSERT INTO "visitor" VALUES(3,'x','9002','sync','ibrahim','İbrahim Kaya','ibrahim','i̇brahim kaya',200,NULL,NULL,1,NULL,2,'2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000');
INSERT INTO "visitor" VALUES(4,'x','9003','sync','gross','Anna Groß','gross','anna groß',300,NULL,NULL,1,NULL,2,'2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000');
INSERT INTO "visitor" VALUES(5,'x','9004','sync','doyun','김 도윤','doyun','김 도윤',400,NULL,NULL,1,NULL,2,'2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000');
INSERT INTO "visitor" VALUES(6,'x','9005','sync','hugo','Hugo Moreau','hugo','hugo moreau',500,NULL,NULL,1,NULL,2,'2026-11-24 09:00:00.000000','2026-11-24 09:00:00.000000');
CREATE TABLE workflow (
	id INTEGER NOT NULL, 
	job VARCHAR(255) NOT NULL, 
	kind VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	folder_id INTEGER NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	schedule VARCHAR(255) NOT NULL, 
	time_zone VARCHAR(255) NOT NULL, 
	next_run_at DATETIME, 
	CONSTRAINT pk_workflow PRIMARY KEY (id), 
	CONSTRAINT fk_workflow_folder_id_folder FOREIGN KEY(folder_id) REFERENCES folder (id), 
	CONSTRAINT uq_workflow_job_kind UNIQUE (job, kind), 
	CONSTRAINT workflowstate CHECK (state IN ('started', 'paused', 'stopped'))
);
INSERT INTO "workflow" VALUES(1,'synchronise','x','Synchronisation of X accounts',3,'stopped','30 7 * * 4','Europe/Paris',NULL);
INSERT INTO "workflow" VALUES(2,'check_credentials','','Check credentials',3,'stopped','0 3 * * *','Europe/Paris',NULL);
INSERT INTO "workflow" VALUES(3,'clean_up','','Clean-up',3,'stopped','0 4 * * *','Europe/Paris',NULL);
CREATE INDEX ix_audit_entry_at ON audit_entry (at);
CREATE INDEX ix_audit_entry_subject_subject_id ON audit_entry (subject, subject_id);
CREATE INDEX ix_service_internal_name ON service (internal_name);
CREATE INDEX ix_visitor_first_seen_at_id ON visitor (first_seen_at, id);
CREATE INDEX ix_visitor_friends_id ON visitor (friends, id);
CREATE INDEX ix_visitor_handle_key_id ON visitor (handle_key, id);
CREATE INDEX ix_visitor_name_key_id ON visitor (name_key, id);
CREATE INDEX ix_workflow_state_next_run_at ON workflow (state, next_run_at);
CREATE INDEX ix_inbound_note_visitor_id ON inbound_note (visitor_id);
CREATE INDEX ix_run_state_resume_at ON run (state, resume_at);
CREATE INDEX ix_run_workflow_id_id ON run (workflow_id, id);
CREATE INDEX ix_subscription_visitor_id ON subscription (visitor_id);
CREATE INDEX ix_delivery_parent_id ON delivery (parent_id);
CREATE INDEX ix_delivery_state_resume_at ON delivery (state, resume_at);
CREATE INDEX ix_run_entry_run_id ON run_entry (run_id);
CREATE INDEX ix_message_delivery_id_changed_at_id ON message (delivery_id, changed_at, id);
CREATE INDEX ix_message_delivery_id_state_due_at_id ON message (delivery_id, state, due_at, id);
CREATE INDEX ix_message_visitor_id ON message (visitor_id);
CREATE UNIQUE INDEX uq_message_service_id_kind_remote_id ON message (service_id, kind, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX ix_visitor_folder_id_id ON visitor (folder_id, id);
CREATE INDEX ix_subscription_asked ON subscription (service_id, visitor_id) WHERE wrote_first_at IS NOT NULL OR opted_in_at IS NOT NULL;
CREATE INDEX ix_subscription_wrote_first ON subscription (service_id, visitor_id) WHERE wrote_first_at IS NOT NULL;
CREATE INDEX ix_subscription_opted_in ON subscription (service_id, visitor_id) WHERE opted_in_at IS NOT NULL;
CREATE INDEX ix_subscription_opted_out ON subscription (service_id, visitor_id) WHERE opted_out_at IS NOT NULL;
CREATE INDEX ix_subscription_ended ON subscription (service_id, visitor_id) WHERE ended_at IS NOT NULL;
CREATE INDEX ix_subscription_quarantined ON subscription (service_id, visitor_id) WHERE quarantined_at IS NOT NULL;
COMMIT;
