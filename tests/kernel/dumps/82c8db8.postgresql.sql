CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.attempt (
    id integer NOT NULL,
    message_id integer NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    outcome character varying(24),
    code character varying(255) NOT NULL,
    said text NOT NULL,
    cost numeric(12,4),
    CONSTRAINT ck_attempt_attemptoutcome CHECK (((outcome)::text = ANY ((ARRAY['sent'::character varying, 'failed'::character varying, 'unknown'::character varying, 'not_sent'::character varying])::text[])))
);
CREATE SEQUENCE public.attempt_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.attempt_id_seq OWNED BY public.attempt.id;
CREATE TABLE public.audit_entry (
    id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    operator_id integer,
    actor character varying(255) NOT NULL,
    action character varying(255) NOT NULL,
    subject character varying(255) NOT NULL,
    subject_id integer,
    label text NOT NULL,
    detail jsonb NOT NULL
);
CREATE SEQUENCE public.audit_entry_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.audit_entry_id_seq OWNED BY public.audit_entry.id;
CREATE TABLE public.charge (
    service_id integer NOT NULL,
    day date NOT NULL,
    operation character varying(255) NOT NULL,
    variant character varying(255) NOT NULL,
    calls integer NOT NULL,
    amount numeric(14,4) NOT NULL
);
CREATE TABLE public.delivery (
    id integer NOT NULL,
    channel character varying(255) NOT NULL,
    kind character varying(24) NOT NULL,
    label character varying(255) NOT NULL,
    state character varying(24) NOT NULL,
    template_id integer,
    parent_id integer,
    number integer,
    content text NOT NULL,
    content_hash character varying(255) NOT NULL,
    revision integer NOT NULL,
    audience character varying(24) NOT NULL,
    filters jsonb NOT NULL,
    everyone_accepted_by character varying(255) NOT NULL,
    everyone_accepted_at timestamp with time zone,
    proof_service_id integer,
    proof_visitor_id integer,
    scheduled_at timestamp with time zone,
    valid_for integer NOT NULL,
    expires_at timestamp with time zone,
    wave_size integer,
    late_policy character varying(24) NOT NULL,
    analysis jsonb NOT NULL,
    analysed_at timestamp with time zone,
    accepted_warnings jsonb NOT NULL,
    approved_at timestamp with time zone,
    approved_by character varying(255) NOT NULL,
    confirmed_at timestamp with time zone,
    confirmed_by character varying(255) NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    resume_at timestamp with time zone,
    held_by text NOT NULL,
    leased_until timestamp with time zone,
    created_by character varying(255) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_delivery_audience CHECK (((audience)::text = ANY ((ARRAY['consented'::character varying, 'everyone'::character varying])::text[]))),
    CONSTRAINT ck_delivery_deliverykind CHECK (((kind)::text = ANY ((ARRAY['post'::character varying, 'direct'::character varying])::text[]))),
    CONSTRAINT ck_delivery_deliverystate CHECK (((state)::text = ANY ((ARRAY['draft'::character varying, 'analysing'::character varying, 'ready'::character varying, 'rejected'::character varying, 'scheduled'::character varying, 'sending'::character varying, 'retrying'::character varying, 'paused'::character varying, 'finished'::character varying, 'stopped'::character varying])::text[]))),
    CONSTRAINT ck_delivery_latepolicy CHECK (((late_policy)::text = ANY ((ARRAY['ask'::character varying, 'send'::character varying])::text[]))),
    CONSTRAINT ck_delivery_proof_is_numbered CHECK (((parent_id IS NULL) = (number IS NULL)))
);
CREATE SEQUENCE public.delivery_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.delivery_id_seq OWNED BY public.delivery.id;
CREATE TABLE public.delivery_service (
    delivery_id integer NOT NULL,
    service_id integer NOT NULL
);
CREATE TABLE public.folder (
    id integer NOT NULL,
    kind character varying(24) NOT NULL,
    name character varying(255) NOT NULL,
    CONSTRAINT ck_folder_folderkind CHECK (((kind)::text = ANY ((ARRAY['services'::character varying, 'visitors'::character varying, 'workflows'::character varying, 'deliveries'::character varying])::text[])))
);
CREATE SEQUENCE public.folder_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.folder_id_seq OWNED BY public.folder.id;
CREATE TABLE public.heartbeat (
    process character varying(255) NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    held_by character varying(255) NOT NULL
);
CREATE TABLE public.inbound_note (
    id integer NOT NULL,
    service_id integer NOT NULL,
    visitor_id integer NOT NULL,
    remote_id character varying(255) NOT NULL,
    text text NOT NULL,
    wish character varying(255) NOT NULL,
    received_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.inbound_note_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.inbound_note_id_seq OWNED BY public.inbound_note.id;
CREATE TABLE public.login_throttle (
    key character varying(255) NOT NULL,
    failures integer NOT NULL,
    failed_at timestamp with time zone NOT NULL,
    blocked_until timestamp with time zone
);
CREATE TABLE public.message (
    id integer NOT NULL,
    delivery_id integer NOT NULL,
    service_id integer NOT NULL,
    visitor_id integer,
    subscription_id integer,
    recipient character varying(255) NOT NULL,
    state character varying(24) NOT NULL,
    reason character varying(255) NOT NULL,
    failure character varying(24),
    said text NOT NULL,
    tries integer NOT NULL,
    due_at timestamp with time zone,
    leased_until timestamp with time zone,
    remote_id character varying(255),
    remote_url text,
    sent_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_message_failuretype CHECK (((failure)::text = ANY ((ARRAY['hard'::character varying, 'soft'::character varying, 'ignored'::character varying, 'sender'::character varying])::text[]))),
    CONSTRAINT ck_message_messagestate CHECK (((state)::text = ANY ((ARRAY['ignored'::character varying, 'pending'::character varying, 'sending'::character varying, 'sent'::character varying, 'failed'::character varying, 'unknown'::character varying, 'cancelled'::character varying])::text[])))
);
CREATE SEQUENCE public.message_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.message_id_seq OWNED BY public.message.id;
CREATE TABLE public.operator (
    id integer NOT NULL,
    email character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    role character varying(24) NOT NULL,
    password_hash text,
    session_token character varying(255) NOT NULL,
    invitation_hash character varying(255),
    invited_until timestamp with time zone,
    language character varying(255) NOT NULL,
    time_zone character varying(255) NOT NULL,
    theme character varying(255) NOT NULL,
    active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_login_at timestamp with time zone,
    CONSTRAINT ck_operator_role CHECK (((role)::text = ANY ((ARRAY['admin'::character varying, 'marketer'::character varying, 'reviewer'::character varying, 'viewer'::character varying])::text[])))
);
CREATE SEQUENCE public.operator_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.operator_id_seq OWNED BY public.operator.id;
CREATE TABLE public.quota_window (
    id integer NOT NULL,
    holder character varying(255) NOT NULL,
    operation character varying(255) NOT NULL,
    seconds integer NOT NULL,
    cap integer NOT NULL,
    used integer NOT NULL,
    resets_at timestamp with time zone NOT NULL,
    stated_at timestamp with time zone
);
CREATE SEQUENCE public.quota_window_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.quota_window_id_seq OWNED BY public.quota_window.id;
CREATE TABLE public.run (
    id integer NOT NULL,
    workflow_id integer NOT NULL,
    state character varying(24) NOT NULL,
    started_by character varying(255) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    resume_at timestamp with time zone NOT NULL,
    leased_until timestamp with time zone,
    stop_asked boolean NOT NULL,
    done integer NOT NULL,
    total integer,
    place jsonb NOT NULL,
    counts jsonb NOT NULL,
    reason text NOT NULL,
    CONSTRAINT ck_run_runstate CHECK (((state)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying, 'waiting'::character varying, 'done'::character varying, 'failed'::character varying, 'stopped'::character varying])::text[])))
);
CREATE TABLE public.run_entry (
    id integer NOT NULL,
    run_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    level character varying(255) NOT NULL,
    text text NOT NULL
);
CREATE SEQUENCE public.run_entry_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.run_entry_id_seq OWNED BY public.run_entry.id;
CREATE SEQUENCE public.run_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.run_id_seq OWNED BY public.run.id;
CREATE TABLE public.service (
    id integer NOT NULL,
    kind character varying(255) NOT NULL,
    label character varying(255) NOT NULL,
    internal_name character varying(255) NOT NULL,
    remote_id character varying(255) NOT NULL,
    folder_id integer NOT NULL,
    visitor_folder_id integer NOT NULL,
    is_test boolean NOT NULL,
    sync_subscriptions boolean NOT NULL,
    settings jsonb NOT NULL,
    memory jsonb NOT NULL,
    state character varying(24) NOT NULL,
    fault text NOT NULL,
    account jsonb NOT NULL,
    checks jsonb NOT NULL,
    checked_at timestamp with time zone,
    inbox_read_at timestamp with time zone,
    inbox_read_to timestamp with time zone,
    daily_cap integer NOT NULL,
    monthly_budget numeric(12,4),
    created_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT ck_service_daily_cap_positive CHECK ((daily_cap > 0)),
    CONSTRAINT ck_service_servicestate CHECK (((state)::text = ANY ((ARRAY['connected'::character varying, 'needs_fixing'::character varying])::text[])))
);
CREATE SEQUENCE public.service_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.service_id_seq OWNED BY public.service.id;
CREATE TABLE public.service_secret (
    service_id integer NOT NULL,
    name character varying(255) NOT NULL,
    locked bytea NOT NULL,
    changed_at timestamp with time zone NOT NULL
);
CREATE TABLE public.subscription (
    id integer NOT NULL,
    service_id integer NOT NULL,
    visitor_id integer NOT NULL,
    followed_at timestamp with time zone,
    ended_at timestamp with time zone,
    seen_run_id integer,
    wrote_first_at timestamp with time zone,
    opted_in_at timestamp with time zone,
    opt_in_proof text NOT NULL,
    opted_out_at timestamp with time zone,
    quarantined_at timestamp with time zone,
    quarantine_reason text NOT NULL,
    soft_failures integer NOT NULL,
    last_soft_failure_at timestamp with time zone,
    last_message_at timestamp with time zone
);
CREATE SEQUENCE public.subscription_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.subscription_id_seq OWNED BY public.subscription.id;
CREATE TABLE public.template (
    id integer NOT NULL,
    channel character varying(255) NOT NULL,
    kind character varying(24) NOT NULL,
    name character varying(255) NOT NULL,
    content text NOT NULL,
    built_in boolean NOT NULL,
    proof_service_id integer,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_template_deliverykind CHECK (((kind)::text = ANY ((ARRAY['post'::character varying, 'direct'::character varying])::text[])))
);
CREATE SEQUENCE public.template_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.template_id_seq OWNED BY public.template.id;
CREATE TABLE public.visitor (
    id integer NOT NULL,
    kind character varying(255) NOT NULL,
    remote_id character varying(255) NOT NULL,
    origin character varying(255) NOT NULL,
    handle character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    handle_key character varying(255) NOT NULL COLLATE pg_catalog."C",
    name_key character varying(255) NOT NULL COLLATE pg_catalog."C",
    friends integer,
    verified boolean,
    protected boolean,
    accepts_messages boolean,
    avatar_url text,
    folder_id integer NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.visitor_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.visitor_id_seq OWNED BY public.visitor.id;
CREATE TABLE public.workflow (
    id integer NOT NULL,
    job character varying(255) NOT NULL,
    kind character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    folder_id integer NOT NULL,
    state character varying(24) NOT NULL,
    schedule character varying(255) NOT NULL,
    time_zone character varying(255) NOT NULL,
    next_run_at timestamp with time zone,
    CONSTRAINT ck_workflow_workflowstate CHECK (((state)::text = ANY ((ARRAY['started'::character varying, 'paused'::character varying, 'stopped'::character varying])::text[])))
);
CREATE SEQUENCE public.workflow_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.workflow_id_seq OWNED BY public.workflow.id;
ALTER TABLE ONLY public.attempt ALTER COLUMN id SET DEFAULT nextval('public.attempt_id_seq'::regclass);
ALTER TABLE ONLY public.audit_entry ALTER COLUMN id SET DEFAULT nextval('public.audit_entry_id_seq'::regclass);
ALTER TABLE ONLY public.delivery ALTER COLUMN id SET DEFAULT nextval('public.delivery_id_seq'::regclass);
ALTER TABLE ONLY public.folder ALTER COLUMN id SET DEFAULT nextval('public.folder_id_seq'::regclass);
ALTER TABLE ONLY public.inbound_note ALTER COLUMN id SET DEFAULT nextval('public.inbound_note_id_seq'::regclass);
ALTER TABLE ONLY public.message ALTER COLUMN id SET DEFAULT nextval('public.message_id_seq'::regclass);
ALTER TABLE ONLY public.operator ALTER COLUMN id SET DEFAULT nextval('public.operator_id_seq'::regclass);
ALTER TABLE ONLY public.quota_window ALTER COLUMN id SET DEFAULT nextval('public.quota_window_id_seq'::regclass);
ALTER TABLE ONLY public.run ALTER COLUMN id SET DEFAULT nextval('public.run_id_seq'::regclass);
ALTER TABLE ONLY public.run_entry ALTER COLUMN id SET DEFAULT nextval('public.run_entry_id_seq'::regclass);
ALTER TABLE ONLY public.service ALTER COLUMN id SET DEFAULT nextval('public.service_id_seq'::regclass);
ALTER TABLE ONLY public.subscription ALTER COLUMN id SET DEFAULT nextval('public.subscription_id_seq'::regclass);
ALTER TABLE ONLY public.template ALTER COLUMN id SET DEFAULT nextval('public.template_id_seq'::regclass);
ALTER TABLE ONLY public.visitor ALTER COLUMN id SET DEFAULT nextval('public.visitor_id_seq'::regclass);
ALTER TABLE ONLY public.workflow ALTER COLUMN id SET DEFAULT nextval('public.workflow_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('4e2e553c2272');
INSERT INTO public.attempt VALUES (1, 1, 1, 'Hi there, spring is here.', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00', 'sent', '', '', 0.0150);
INSERT INTO public.attempt VALUES (2, 2, 1, 'Hi there, spring is here.', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00', 'sent', '', '', 0.0150);
INSERT INTO public.attempt VALUES (3, 3, 1, 'Hi there, spring is here.', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00', 'sent', '', '', 0.0150);
INSERT INTO public.attempt VALUES (4, 4, 1, 'Hi there, spring is here.', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00', 'unknown', '', '', 0.0150);
INSERT INTO public.attempt VALUES (5, 5, 1, 'Hi there, spring is here.', '2026-11-24 09:00:00+00', NULL, NULL, '', '', NULL);
INSERT INTO public.attempt VALUES (6, 6, 1, 'Hi there, spring is here.', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00', 'failed', '349', '', 0.0150);
INSERT INTO public.audit_entry VALUES (1, '2026-11-24 09:00:00+00', NULL, 'Ines Laurent', 'operator.create', 'operator', 1, 'Ines Laurent', '{"role": "admin"}');
INSERT INTO public.audit_entry VALUES (2, '2026-11-24 09:00:00+00', NULL, 'Ines Laurent', 'operator.create', 'operator', 2, 'Bo Berg', '{"role": "marketer"}');
INSERT INTO public.audit_entry VALUES (3, '2026-11-24 09:00:00+00', NULL, 'Ines Laurent', 'delivery.create', 'delivery', 1, 'Before', '{}');
INSERT INTO public.audit_entry VALUES (4, '2026-11-24 09:00:00+00', NULL, 'Ines Laurent', 'delivery.edit', 'delivery', 1, 'Before', '{"fields": ["content"]}');
INSERT INTO public.audit_entry VALUES (5, '2026-11-24 09:00:00+00', NULL, 'Ines Laurent', 'delivery.create', 'delivery', 2, 'Open on Saturday', '{}');
INSERT INTO public.audit_entry VALUES (6, '2026-11-24 09:00:00+00', NULL, 'Ines Laurent', 'delivery.edit', 'delivery', 2, 'Open on Saturday', '{"fields": ["content"]}');
INSERT INTO public.audit_entry VALUES (7, '2026-11-24 09:00:00+00', NULL, 'Ines Laurent', 'delivery.create', 'delivery', 3, 'Winter list', '{}');
INSERT INTO public.audit_entry VALUES (8, '2026-11-24 09:00:00+00', NULL, 'Ines Laurent', 'delivery.edit', 'delivery', 3, 'Winter list', '{"fields": ["content"]}');
INSERT INTO public.audit_entry VALUES (9, '2026-11-24 09:00:00+00', NULL, 'Ines Laurent', 'delivery.create', 'delivery', 4, 'Winter list, proof', '{}');
INSERT INTO public.audit_entry VALUES (10, '2026-11-24 09:00:00+00', NULL, 'Ines Laurent', 'delivery.edit', 'delivery', 4, 'Winter list, proof', '{"fields": ["content"]}');
INSERT INTO public.audit_entry VALUES (11, '2026-11-24 09:00:00+00', NULL, 'Ines Laurent', 'delivery.create', 'delivery', 5, 'A draft', '{}');
INSERT INTO public.audit_entry VALUES (12, '2026-11-24 09:00:00+00', NULL, 'Ines Laurent', 'delivery.edit', 'delivery', 5, 'A draft', '{"fields": ["content"]}');
INSERT INTO public.charge VALUES (2, '2026-11-24', 'post.create', '', 3, 0.0450);
INSERT INTO public.delivery VALUES (2, 'x', 'post', 'Open on Saturday', 'finished', 1, NULL, NULL, 'Spring is here.', 'dbd91e2252ee106c45b0b8a5197614c4d89b25db4ea91a21937061502b258cd8', 2, 'consented', '[]', '', NULL, 3, NULL, NULL, 432000, NULL, NULL, 'ask', '{}', NULL, '[]', NULL, '', NULL, '', NULL, '2026-11-24 09:00:00+00', NULL, '', NULL, 'Ines Laurent', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.delivery VALUES (1, 'x', 'post', 'Before', 'finished', 1, NULL, NULL, 'Spring is here.', 'dbd91e2252ee106c45b0b8a5197614c4d89b25db4ea91a21937061502b258cd8', 2, 'consented', '[]', '', NULL, 3, NULL, NULL, 432000, NULL, NULL, 'ask', '{}', NULL, '[]', NULL, '', NULL, '', NULL, NULL, NULL, '', NULL, 'Ines Laurent', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.delivery VALUES (3, 'x', 'direct', 'Winter list', 'paused', 2, NULL, NULL, 'Hi {first name|there}, spring is here. {opt-out line}', '79351e63f67b3dd0057dc7a7cbfc6753ad58ebfc7877bbeecf09b205054c9b21', 2, 'consented', '[]', '', NULL, 3, NULL, NULL, 432000, NULL, NULL, 'ask', '{}', NULL, '[]', NULL, '', '2026-11-24 09:00:00+00', 'Bo Berg', '2026-11-24 09:00:00+00', NULL, NULL, '', NULL, 'Ines Laurent', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.delivery VALUES (4, 'x', 'direct', 'Winter list, proof', 'finished', 2, 3, 1, 'Hi {first name|there}, spring is here. {opt-out line}', '79351e63f67b3dd0057dc7a7cbfc6753ad58ebfc7877bbeecf09b205054c9b21', 2, 'consented', '[]', '', NULL, 3, NULL, NULL, 432000, NULL, NULL, 'ask', '{}', NULL, '[]', NULL, '', NULL, '', NULL, NULL, NULL, '', NULL, 'Ines Laurent', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.delivery VALUES (5, 'x', 'direct', 'A draft', 'draft', 2, NULL, NULL, 'Hi {first name|there}, spring is here. {opt-out line}', '79351e63f67b3dd0057dc7a7cbfc6753ad58ebfc7877bbeecf09b205054c9b21', 2, 'consented', '[]', '', NULL, 3, NULL, NULL, 432000, NULL, NULL, 'ask', '{}', NULL, '[]', NULL, '', NULL, '', NULL, NULL, NULL, '', NULL, 'Ines Laurent', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.delivery_service VALUES (2, 2);
INSERT INTO public.delivery_service VALUES (3, 2);
INSERT INTO public.delivery_service VALUES (4, 3);
INSERT INTO public.delivery_service VALUES (5, 2);
INSERT INTO public.folder VALUES (1, 'services', 'Services');
INSERT INTO public.folder VALUES (2, 'visitors', 'Visitors');
INSERT INTO public.folder VALUES (3, 'deliveries', 'Deliveries');
INSERT INTO public.folder VALUES (4, 'workflows', 'Managing social networks');
INSERT INTO public.inbound_note VALUES (1, 2, 1, '7001', 'When do you open on Saturday?', '', '2026-11-24 08:00:00+00');
INSERT INTO public.inbound_note VALUES (2, 1, 3, '7002', 'STOP', 'stop', '2026-11-24 06:00:00+00');
INSERT INTO public.inbound_note VALUES (3, 1, 6, '7003', 'Unsubscribe', 'stop', '2026-11-24 06:00:00+00');
INSERT INTO public.inbound_note VALUES (4, 1, 1, '7001', 'When do you open on Saturday?', '', '2026-11-24 08:00:00+00');
INSERT INTO public.message VALUES (1, 2, 2, NULL, NULL, 'service:2', 'sent', '', NULL, '', 1, NULL, NULL, '50001', 'https://x.com/ateliernord/status/50001', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.message VALUES (2, 1, 1, NULL, NULL, 'service:1', 'sent', '', NULL, '', 1, NULL, NULL, '50000', NULL, '2026-11-24 05:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.message VALUES (3, 3, 2, 1, 1, 'visitor:1', 'sent', '', NULL, '', 1, NULL, NULL, '60001', NULL, '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.message VALUES (4, 3, 2, 2, 2, 'visitor:2', 'unknown', 'no_answer', NULL, 'The connection broke off.', 1, NULL, NULL, NULL, NULL, NULL, '2026-11-24 09:00:00+00');
INSERT INTO public.message VALUES (5, 3, 2, 5, 5, 'visitor:5', 'sending', '', NULL, '', 1, NULL, '2026-11-24 09:00:00+00', NULL, NULL, NULL, '2026-11-24 09:00:00+00');
INSERT INTO public.message VALUES (6, 3, 2, 4, 4, 'visitor:4', 'failed', 'closed', 'soft', 'takes no messages', 1, NULL, NULL, NULL, NULL, NULL, '2026-11-24 09:00:00+00');
INSERT INTO public.message VALUES (7, 3, 2, 3, 3, 'visitor:3', 'ignored', 'opted_out', NULL, '', 0, NULL, NULL, NULL, NULL, NULL, '2026-11-24 09:00:00+00');
INSERT INTO public.operator VALUES (1, 'ines@ateliernord.example', 'Ines Laurent', 'admin', '$argon2id$v=19$m=65536,t=3,p=4$R4X5J5t8nk67GRL3o3wL7g$T8DaIGIxtClub4yYZGV4dTg4WQayKW45yO71jJqmCDM', 'T84VPbpfwRgkkc6T3C94YxN1pmhfWodS', NULL, NULL, 'en', 'Europe/Paris', 'auto', true, '2026-11-30 02:04:14.782757+00', NULL);
INSERT INTO public.operator VALUES (2, 'bo@ateliernord.example', 'Bo Berg', 'marketer', NULL, 'cSkc1yX3eJyzxWJih7l8lwxRuwiNYuvu', NULL, NULL, 'en', 'Europe/Paris', 'auto', true, '2026-11-30 02:04:14.791102+00', NULL);
INSERT INTO public.quota_window VALUES (1, 'service:2', 'direct.send', 86400, 250, 3, '2026-11-25 09:00:00+00', NULL);
INSERT INTO public.run VALUES (1, 1, 'done', 'Ines Laurent', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00', NULL, false, 6, 6, '{}', '{"new": 6}', '');
INSERT INTO public.run_entry VALUES (1, 1, '2026-11-24 09:00:00+00', 'info', '6 followers of @ateliernord');
INSERT INTO public.service VALUES (1, 'x', 'Atelier Nord', 'ateliernord', '1501', 1, 2, false, true, '{}', '{}', 'connected', '', '{}', '[]', NULL, '2026-11-24 09:00:00+00', NULL, 250, NULL, '2026-11-24 09:00:00+00', '2026-11-24 08:00:00+00');
INSERT INTO public.service VALUES (2, 'x', 'Atelier Nord', 'ateliernord', '1501', 1, 2, false, true, '{}', '{}', 'connected', '', '{"name": "Atelier Nord", "followers": 6}', '[]', NULL, '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00', 250, 12.5000, '2026-11-24 09:00:00+00', NULL);
INSERT INTO public.service VALUES (3, 'x', 'Atelier Nord, proofs', 'atelierproof', '1502', 1, 2, true, true, '{}', '{}', 'connected', '', '{}', '[]', NULL, '2026-11-24 09:00:00+00', NULL, 250, NULL, '2026-11-24 09:00:00+00', NULL);
INSERT INTO public.service_secret VALUES (2, 'token', '\x6741414141414272444e6d6568466270467451653777384c73752d4446354769786e30574c6970612d33306f4c7635547659724f767a6336746b6b6164527154533177774e3132454b5453617456322d6d6941476a75593672616f4e506e303164773d3d', '2026-11-24 09:00:00+00');
INSERT INTO public.service_secret VALUES (3, 'token', '\x6741414141414272444e6d6564633461434d75746f697037536b7a726a3652466b695f544c79563653564f644179655f546355665047634c6147636b6b52514e536d3557764e6733586d644255736e442d626c33396d51437a4d614c504f63744a513d3d', '2026-11-24 09:00:00+00');
INSERT INTO public.subscription VALUES (1, 2, 1, '2026-11-24 09:00:00+00', NULL, NULL, '2026-11-24 08:00:00+00', NULL, '', NULL, NULL, '', 0, NULL, NULL);
INSERT INTO public.subscription VALUES (2, 2, 2, '2026-11-24 09:00:00+00', NULL, NULL, NULL, '2026-11-24 07:00:00+00', 'paper, fair of 20 November', NULL, NULL, '', 0, NULL, NULL);
INSERT INTO public.subscription VALUES (3, 2, 3, '2026-11-24 09:00:00+00', NULL, NULL, NULL, NULL, '', NULL, NULL, '', 0, NULL, NULL);
INSERT INTO public.subscription VALUES (4, 2, 4, '2026-11-24 09:00:00+00', NULL, NULL, '2026-11-24 09:00:00+00', NULL, '', NULL, '2026-11-24 09:00:00+00', 'takes no messages', 0, NULL, NULL);
INSERT INTO public.subscription VALUES (5, 2, 5, '2026-11-24 09:00:00+00', NULL, NULL, NULL, NULL, '', NULL, NULL, '', 0, NULL, NULL);
INSERT INTO public.subscription VALUES (6, 1, 3, '2026-11-24 09:00:00+00', NULL, NULL, '2026-11-24 06:00:00+00', NULL, '', '2026-11-24 06:00:00+00', NULL, '', 0, NULL, NULL);
INSERT INTO public.subscription VALUES (7, 1, 6, '2026-11-24 09:00:00+00', NULL, NULL, '2026-11-24 06:00:00+00', NULL, '', '2026-11-24 06:00:00+00', NULL, '', 0, NULL, NULL);
INSERT INTO public.template VALUES (1, 'x', 'post', 'Post', '', true, NULL, '2026-11-24 09:00:00+00');
INSERT INTO public.template VALUES (2, 'x', 'direct', 'Direct message', 'Hi {first name|there},
{opt-out line}', true, NULL, '2026-11-24 09:00:00+00');
INSERT INTO public.visitor VALUES (1, 'x', '9000', 'sync', 'hakon', 'Håkon Lie', 'hakon', 'håkon lie', 0, NULL, NULL, true, NULL, 2, '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.visitor VALUES (2, 'x', '9001', 'sync', 'sofia', 'Sofia López', 'sofia', 'sofia lópez', 100, NULL, NULL, true, NULL, 2, '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.visitor VALUES (3, 'x', '9002', 'sync', 'ibrahim', 'İbrahim Kaya', 'ibrahim', 'i̇brahim kaya', 200, NULL, NULL, true, NULL, 2, '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.visitor VALUES (4, 'x', '9003', 'sync', 'gross', 'Anna Groß', 'gross', 'anna groß', 300, NULL, NULL, true, NULL, 2, '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.visitor VALUES (5, 'x', '9004', 'sync', 'doyun', '김 도윤', 'doyun', '김 도윤', 400, NULL, NULL, true, NULL, 2, '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.visitor VALUES (6, 'x', '9005', 'sync', 'hugo', 'Hugo Moreau', 'hugo', 'hugo moreau', 500, NULL, NULL, true, NULL, 2, '2026-11-24 09:00:00+00', '2026-11-24 09:00:00+00');
INSERT INTO public.workflow VALUES (1, 'synchronise', 'x', 'Synchronisation of X accounts', 4, 'stopped', '30 7 * * 4', 'Europe/Paris', NULL);
INSERT INTO public.workflow VALUES (2, 'check_credentials', '', 'Check credentials', 4, 'stopped', '0 3 * * *', 'Europe/Paris', NULL);
INSERT INTO public.workflow VALUES (3, 'clean_up', '', 'Clean-up', 4, 'stopped', '0 4 * * *', 'Europe/Paris', NULL);
SELECT pg_catalog.setval('public.attempt_id_seq', 6, true);
SELECT pg_catalog.setval('public.audit_entry_id_seq', 12, true);
SELECT pg_catalog.setval('public.delivery_id_seq', 5, true);
SELECT pg_catalog.setval('public.folder_id_seq', 4, true);
SELECT pg_catalog.setval('public.inbound_note_id_seq', 4, true);
SELECT pg_catalog.setval('public.message_id_seq', 7, true);
SELECT pg_catalog.setval('public.operator_id_seq', 2, true);
SELECT pg_catalog.setval('public.quota_window_id_seq', 1, true);
SELECT pg_catalog.setval('public.run_entry_id_seq', 1, true);
SELECT pg_catalog.setval('public.run_id_seq', 1, true);
SELECT pg_catalog.setval('public.service_id_seq', 3, true);
SELECT pg_catalog.setval('public.subscription_id_seq', 7, true);
SELECT pg_catalog.setval('public.template_id_seq', 2, true);
SELECT pg_catalog.setval('public.visitor_id_seq', 6, true);
SELECT pg_catalog.setval('public.workflow_id_seq', 3, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT pk_attempt PRIMARY KEY (id);
ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT pk_audit_entry PRIMARY KEY (id);
ALTER TABLE ONLY public.charge
    ADD CONSTRAINT pk_charge PRIMARY KEY (service_id, day, operation, variant);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT pk_delivery PRIMARY KEY (id);
ALTER TABLE ONLY public.delivery_service
    ADD CONSTRAINT pk_delivery_service PRIMARY KEY (delivery_id, service_id);
ALTER TABLE ONLY public.folder
    ADD CONSTRAINT pk_folder PRIMARY KEY (id);
ALTER TABLE ONLY public.heartbeat
    ADD CONSTRAINT pk_heartbeat PRIMARY KEY (process);
ALTER TABLE ONLY public.inbound_note
    ADD CONSTRAINT pk_inbound_note PRIMARY KEY (id);
ALTER TABLE ONLY public.login_throttle
    ADD CONSTRAINT pk_login_throttle PRIMARY KEY (key);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT pk_message PRIMARY KEY (id);
ALTER TABLE ONLY public.operator
    ADD CONSTRAINT pk_operator PRIMARY KEY (id);
ALTER TABLE ONLY public.quota_window
    ADD CONSTRAINT pk_quota_window PRIMARY KEY (id);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT pk_run PRIMARY KEY (id);
ALTER TABLE ONLY public.run_entry
    ADD CONSTRAINT pk_run_entry PRIMARY KEY (id);
ALTER TABLE ONLY public.service
    ADD CONSTRAINT pk_service PRIMARY KEY (id);
ALTER TABLE ONLY public.service_secret
    ADD CONSTRAINT pk_service_secret PRIMARY KEY (service_id, name);
ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT pk_subscription PRIMARY KEY (id);
ALTER TABLE ONLY public.template
    ADD CONSTRAINT pk_template PRIMARY KEY (id);
ALTER TABLE ONLY public.visitor
    ADD CONSTRAINT pk_visitor PRIMARY KEY (id);
ALTER TABLE ONLY public.workflow
    ADD CONSTRAINT pk_workflow PRIMARY KEY (id);
ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT uq_attempt_message_id_number UNIQUE (message_id, number);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT uq_delivery_parent_id_number UNIQUE (parent_id, number);
ALTER TABLE ONLY public.folder
    ADD CONSTRAINT uq_folder_kind_name UNIQUE (kind, name);
ALTER TABLE ONLY public.inbound_note
    ADD CONSTRAINT uq_inbound_note_service_id_remote_id UNIQUE (service_id, remote_id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT uq_message_delivery_id_recipient UNIQUE (delivery_id, recipient);
ALTER TABLE ONLY public.operator
    ADD CONSTRAINT uq_operator_email UNIQUE (email);
ALTER TABLE ONLY public.operator
    ADD CONSTRAINT uq_operator_invitation_hash UNIQUE (invitation_hash);
ALTER TABLE ONLY public.quota_window
    ADD CONSTRAINT uq_quota_window_holder_operation_seconds UNIQUE (holder, operation, seconds);
ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT uq_subscription_service_id_visitor_id UNIQUE (service_id, visitor_id);
ALTER TABLE ONLY public.template
    ADD CONSTRAINT uq_template_channel_name UNIQUE (channel, name);
ALTER TABLE ONLY public.visitor
    ADD CONSTRAINT uq_visitor_kind_remote_id UNIQUE (kind, remote_id);
ALTER TABLE ONLY public.workflow
    ADD CONSTRAINT uq_workflow_job_kind UNIQUE (job, kind);
CREATE INDEX ix_audit_entry_at ON public.audit_entry USING btree (at);
CREATE INDEX ix_audit_entry_subject_subject_id ON public.audit_entry USING btree (subject, subject_id);
CREATE INDEX ix_delivery_parent_id ON public.delivery USING btree (parent_id);
CREATE INDEX ix_delivery_state_resume_at ON public.delivery USING btree (state, resume_at);
CREATE INDEX ix_inbound_note_visitor_id ON public.inbound_note USING btree (visitor_id);
CREATE INDEX ix_message_delivery_id_changed_at_id ON public.message USING btree (delivery_id, changed_at, id);
CREATE INDEX ix_message_delivery_id_state_due_at_id ON public.message USING btree (delivery_id, state, due_at, id);
CREATE INDEX ix_message_visitor_id ON public.message USING btree (visitor_id);
CREATE INDEX ix_run_entry_run_id ON public.run_entry USING btree (run_id);
CREATE INDEX ix_run_state_resume_at ON public.run USING btree (state, resume_at);
CREATE INDEX ix_run_workflow_id_id ON public.run USING btree (workflow_id, id);
CREATE INDEX ix_service_internal_name ON public.service USING btree (internal_name);
CREATE INDEX ix_subscription_service_id_opted_in_at ON public.subscription USING btree (service_id, opted_in_at);
CREATE INDEX ix_subscription_service_id_seen_run_id ON public.subscription USING btree (service_id, seen_run_id);
CREATE INDEX ix_subscription_service_id_wrote_first_at ON public.subscription USING btree (service_id, wrote_first_at);
CREATE INDEX ix_subscription_visitor_id ON public.subscription USING btree (visitor_id);
CREATE INDEX ix_visitor_first_seen_at_id ON public.visitor USING btree (first_seen_at, id);
CREATE INDEX ix_visitor_friends_id ON public.visitor USING btree (friends, id);
CREATE INDEX ix_visitor_handle_key_id ON public.visitor USING btree (handle_key, id);
CREATE INDEX ix_visitor_name_key_id ON public.visitor USING btree (name_key, id);
CREATE INDEX ix_workflow_state_next_run_at ON public.workflow USING btree (state, next_run_at);
CREATE UNIQUE INDEX uq_message_service_id_remote_id ON public.message USING btree (service_id, remote_id) WHERE (remote_id IS NOT NULL);
CREATE UNIQUE INDEX uq_service_kind_remote_id ON public.service USING btree (kind, remote_id) WHERE (removed_at IS NULL);
ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT fk_attempt_message_id_message FOREIGN KEY (message_id) REFERENCES public.message(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.charge
    ADD CONSTRAINT fk_charge_service_id_service FOREIGN KEY (service_id) REFERENCES public.service(id);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT fk_delivery_parent_id_delivery FOREIGN KEY (parent_id) REFERENCES public.delivery(id);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT fk_delivery_proof_service_id_service FOREIGN KEY (proof_service_id) REFERENCES public.service(id);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT fk_delivery_proof_visitor_id_visitor FOREIGN KEY (proof_visitor_id) REFERENCES public.visitor(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.delivery_service
    ADD CONSTRAINT fk_delivery_service_delivery_id_delivery FOREIGN KEY (delivery_id) REFERENCES public.delivery(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.delivery_service
    ADD CONSTRAINT fk_delivery_service_service_id_service FOREIGN KEY (service_id) REFERENCES public.service(id);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT fk_delivery_template_id_template FOREIGN KEY (template_id) REFERENCES public.template(id);
ALTER TABLE ONLY public.inbound_note
    ADD CONSTRAINT fk_inbound_note_service_id_service FOREIGN KEY (service_id) REFERENCES public.service(id);
ALTER TABLE ONLY public.inbound_note
    ADD CONSTRAINT fk_inbound_note_visitor_id_visitor FOREIGN KEY (visitor_id) REFERENCES public.visitor(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.message
    ADD CONSTRAINT fk_message_delivery_id_delivery FOREIGN KEY (delivery_id) REFERENCES public.delivery(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.message
    ADD CONSTRAINT fk_message_service_id_service FOREIGN KEY (service_id) REFERENCES public.service(id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT fk_message_subscription_id_subscription FOREIGN KEY (subscription_id) REFERENCES public.subscription(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.message
    ADD CONSTRAINT fk_message_visitor_id_visitor FOREIGN KEY (visitor_id) REFERENCES public.visitor(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.run_entry
    ADD CONSTRAINT fk_run_entry_run_id_run FOREIGN KEY (run_id) REFERENCES public.run(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.run
    ADD CONSTRAINT fk_run_workflow_id_workflow FOREIGN KEY (workflow_id) REFERENCES public.workflow(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.service
    ADD CONSTRAINT fk_service_folder_id_folder FOREIGN KEY (folder_id) REFERENCES public.folder(id);
ALTER TABLE ONLY public.service_secret
    ADD CONSTRAINT fk_service_secret_service_id_service FOREIGN KEY (service_id) REFERENCES public.service(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.service
    ADD CONSTRAINT fk_service_visitor_folder_id_folder FOREIGN KEY (visitor_folder_id) REFERENCES public.folder(id);
ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT fk_subscription_service_id_service FOREIGN KEY (service_id) REFERENCES public.service(id);
ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT fk_subscription_visitor_id_visitor FOREIGN KEY (visitor_id) REFERENCES public.visitor(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.template
    ADD CONSTRAINT fk_template_proof_service_id_service FOREIGN KEY (proof_service_id) REFERENCES public.service(id);
ALTER TABLE ONLY public.visitor
    ADD CONSTRAINT fk_visitor_folder_id_folder FOREIGN KEY (folder_id) REFERENCES public.folder(id);
ALTER TABLE ONLY public.workflow
    ADD CONSTRAINT fk_workflow_folder_id_folder FOREIGN KEY (folder_id) REFERENCES public.folder(id);
